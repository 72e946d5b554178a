"""The model is named by the environment, and a key is never written down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from toolreg.agent import ModelChoice, model_from
from toolreg.errors import ConfigError

# Assembled, so that no scanner takes it for a real one.
KEY_SHAPED = "sk-" + "a1B2c3D4" * 4


# What Bedrock answers: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Paris"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 5, "outputTokens": 1, "totalTokens": 6},
    "metrics": {"latencyMs": 1},
}


class Server(ThreadingHTTPServer):
    """An OpenAI-compatible server that answers the same and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Answers(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.headers.get("authorization", ""), body))
        self.server.paths.append(self.path)
        self.server.keys.append(self.headers.get("api-key"))
        answer = (
            CONVERSED
            if self.path.endswith("/converse")
            else {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": body.get("model", ""),
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": "Paris"},
                    }
                ],
                "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
            }
        )
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("openai:gpt-x", ModelChoice("openai", "gpt-x")),
        ("openai:m@http://h:1/v1", ModelChoice("openai", "m", "http://h:1/v1")),
        ("ollama:qwen3:8b", ModelChoice("ollama", "qwen3:8b")),
        ("ollama:qwen3:8b@https://h", ModelChoice("ollama", "qwen3:8b", "https://h")),
        ("hf:Qwen/Qwen3-32B", ModelChoice("hf", "Qwen/Qwen3-32B")),
        (" litellm:vertex_ai/claude@20240620 ", ModelChoice("litellm", "vertex_ai/claude@20240620")),
    ],
)
def test_a_choice_is_read(text: str, choice: ModelChoice) -> None:
    assert ModelChoice.parse(text) == choice
    assert ModelChoice.parse(str(choice)) == choice


@pytest.mark.parametrize("text", ["", "gpt-x", "openai:", "nobody:model", "OPENAI:gpt"])
def test_what_is_no_choice_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ModelChoice.parse(text)
    assert "TOOLREG_MODEL=" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        f"openai:{KEY_SHAPED}",
        KEY_SHAPED,
        f"openai:m@https://h/v1?api_key={KEY_SHAPED}",
        "openai:m@https://user:password@h/v1",
        "openai:m@https://h/v1?token=abc",
    ],
)
def test_a_key_in_the_choice_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ModelChoice.parse(text)
    assert KEY_SHAPED not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize("options", [{"api_key": "x"}, {"token": "x"}, {"extra_headers": KEY_SHAPED}])
def test_a_literal_key_in_code_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        model_from({"TOOLREG_MODEL": "openai:m@http://127.0.0.1:1/v1"}, **options)


def test_no_model_named_says_how_to_name_one() -> None:
    with pytest.raises(ConfigError, match="no model is named"):
        model_from({})


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is not set"):
        model_from({"TOOLREG_MODEL": "openai:gpt-x"})


def test_any_openai_compatible_server_answers(server: Server) -> None:
    model = model_from({"TOOLREG_MODEL": f"openai:local@{server.url}"})
    answer = model.generate([{"role": "user", "content": [{"type": "text", "text": "Capital of France?"}]}])
    assert (answer.content, answer.token_usage.input_tokens) == ("Paris", 5)


def test_openais_key_is_not_sent_to_another_server(server: Server) -> None:
    env = {"TOOLREG_MODEL": f"openai:local@{server.url}", "OPENAI_API_KEY": KEY_SHAPED}
    model_from(env).generate([{"role": "user", "content": "hi"}])
    model_from({**env, "TOOLREG_MODEL_KEY": "for-this-server"}).generate([{"role": "user", "content": "hi"}])
    assert [key for key, _ in server.asked] == ["Bearer none", "Bearer for-this-server"]


def test_ollama_is_reached_through_its_openai_route(server: Server) -> None:
    model = model_from({"TOOLREG_MODEL": f"ollama:qwen3:8b@{server.url.removesuffix('/v1')}"})
    assert model.generate([{"role": "user", "content": "hi"}]).content == "Paris"
    assert server.asked[0][1]["model"] == "qwen3:8b"


def test_hugging_faces_client_reaches_a_server_of_ones_own(server: Server) -> None:
    env = {"TOOLREG_MODEL": f"hf:some/model@{server.url.removesuffix('/v1')}", "HF_TOKEN": "hf_for_the_hub"}
    assert model_from(env).generate([{"role": "user", "content": "hi"}]).content == "Paris"
    assert server.asked[0][0] == "Bearer none"
    assert server.asked[0][1]["model"] == "some/model"


def test_azures_client_reaches_its_deployment(server: Server) -> None:
    pytest.importorskip("openai")
    url = server.url.removesuffix("/v1")
    env = {"TOOLREG_MODEL": f"azure:my-deployment@{url}", "AZURE_OPENAI_API_KEY": "azure-key-of-mine"}
    answer = model_from(env).generate([{"role": "user", "content": "Capital of France?"}])
    assert (answer.content, answer.token_usage.input_tokens) == ("Paris", 5)
    assert server.paths == ["/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"]
    assert server.keys == ["azure-key-of-mine"]
    with pytest.raises(ConfigError, match="azure needs its endpoint"):
        model_from({"TOOLREG_MODEL": "azure:my-deployment"})


def test_amazons_client_reaches_bedrock(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3", reason="boto3 is not installed here: make test-boundaries")
    for name, value in AMAZON.items():
        monkeypatch.setenv(name, value)
    url = server.url.removesuffix("/v1")
    answer = model_from({"TOOLREG_MODEL": f"bedrock:anthropic.claude-x@{url}"}).generate(
        [{"role": "user", "content": [{"type": "text", "text": "Capital of France?"}]}]
    )
    assert (answer.content, answer.token_usage.input_tokens) == ("Paris", 5)
    assert server.paths == ["/model/anthropic.claude-x/converse"]
    signature, body = server.asked[0]
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=AKIDOFNOBODY/")
    assert body["messages"] == [{"role": "user", "content": [{"text": "Capital of France?"}]}]
    assert AMAZON["AWS_SECRET_ACCESS_KEY"] not in signature + json.dumps(body)


AMAZON = {
    "AWS_ACCESS_KEY_ID": "AKIDOFNOBODY",
    "AWS_SECRET_ACCESS_KEY": "nobodys-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}


@pytest.mark.filterwarnings("ignore:.*ReadOnly:UserWarning")  # pydantic's, of LiteLLM's own types
def test_litellm_reaches_a_server_and_openais_key_stays_at_home(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # or importing it asks GitHub
    monkeypatch.setenv("OPENAI_API_KEY", KEY_SHAPED)
    pytest.importorskip("litellm", reason="LiteLLM is not installed here: make test-boundaries")
    for model in ("openai/local", "hosted_vllm/local"):
        answer = model_from({"TOOLREG_MODEL": f"litellm:{model}@{server.url}"}).generate(
            [{"role": "user", "content": [{"type": "text", "text": "Capital of France?"}]}]
        )
        assert answer.content == "Paris"
    env = {"TOOLREG_MODEL": f"litellm:openai/local@{server.url}", "TOOLREG_MODEL_KEY": "for-this-server"}
    model_from(env).generate([{"role": "user", "content": "hi"}])
    assert all(KEY_SHAPED not in key for key, _ in server.asked)
    assert server.asked[-1][0] == "Bearer for-this-server"
    assert {body["model"] for _, body in server.asked} == {"local"}


def test_messages_are_flattened_where_a_server_wants_text(server: Server) -> None:
    env = {"TOOLREG_MODEL": f"openai:local@{server.url}", "TOOLREG_MODEL_FLATTEN": "1"}
    model_from(env).generate([{"role": "user", "content": [{"type": "text", "text": "hi"}]}])
    assert server.asked[0][1]["messages"][0]["content"] == "hi"


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigError) as caught:
        model_from({"TOOLREG_MODEL": "bedrock:anthropic.claude"})
    assert caught.value.hint == "pip install 'smolagents-toolreg[bedrock]'"


def test_a_scripted_model_is_read_from_its_file(tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text('["first", {"tool": "add", "arguments": {"a": 1}}]')
    model = model_from({}, f"scripted:{script}")
    assert model.generate([]).content == "first"
    assert model.generate([]).tool_calls[0].function.arguments == {"a": 1}
    assert model.generate([]).tool_calls[0].function.name == "add"


@pytest.mark.parametrize("text", ["{}", "[7]", "not json", "[]", "[" * 5000])
def test_a_broken_script_is_one_clear_error(tmp_path: Path, text: str) -> None:
    script = tmp_path / "replies.json"
    script.write_text(text)
    with pytest.raises(ConfigError):
        model_from({}, f"scripted:{script}")
