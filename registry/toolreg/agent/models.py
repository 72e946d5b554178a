"""The model of an agent, named by the environment: `TOOLREG_MODEL=PROVIDER:MODEL[@URL]`.

    hf:Qwen/Qwen3-32B                              Hugging Face inference, HF_TOKEN
    openai:gpt-x                                   OpenAI, OPENAI_API_KEY
    openai:local@http://127.0.0.1:8000/v1          any OpenAI-compatible server, TOOLREG_MODEL_KEY if it wants one
    litellm:anthropic/claude-x                     whatever LiteLLM reaches, with the key it reads itself
    ollama:qwen3:8b                                a local Ollama
    transformers:HuggingFaceTB/SmolLM2-135M-Instruct   in this process
    azure:DEPLOYMENT@https://NAME.openai.azure.com · bedrock:MODEL[@URL]   with the keys their SDKs read
    scripted:replies.json                          recorded answers: no key, no network

A key is never written down: not in the choice, not in code. It is read from the variable named beside the provider.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from toolreg.agent.secrets import looks_secret
from toolreg.errors import ConfigError

VARIABLE = "TOOLREG_MODEL"
KEY_VARIABLE = "TOOLREG_MODEL_KEY"
FLATTEN_VARIABLE = "TOOLREG_MODEL_FLATTEN"
PROVIDERS = ("hf", "openai", "litellm", "ollama", "transformers", "azure", "bedrock", "scripted")
OLLAMA_URL = "http://127.0.0.1:11434"

_CHOICE = re.compile(r"(?P<provider>[a-z]+):(?P<model>.+?)(?:@(?P<url>https?://.+))?\Z", re.S)
_EXAMPLE = f"{VARIABLE}=openai:MODEL@http://127.0.0.1:8000/v1; providers: {', '.join(PROVIDERS)}"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model, of whom, and at what address."""

    provider: str
    model: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}" + (f"@{self.url}" if self.url else "")

    @classmethod
    def parse(cls, text: str) -> ModelChoice:
        """Read `PROVIDER:MODEL[@URL]`. Raises ConfigError, also for a choice that holds a key."""
        match = _CHOICE.fullmatch(text.strip())
        if match is None or match["provider"] not in PROVIDERS:
            shown = "a model choice" if looks_secret(text) else f"'{text.strip()}'"
            raise ConfigError(f"{shown} names no model", hint=_EXAMPLE)
        _refuse_keys(match["model"], match["url"] or "")
        return cls(match["provider"], match["model"].strip(), match["url"] or "")


def model_from(environment: Mapping[str, str], choice: str = "", **options: Any) -> Any:
    """The smolagents Model that the environment names; `choice` beats TOOLREG_MODEL.

    `options` go to the model class as they are, except keys, which are refused: they belong into the environment.
    Raises ConfigError: no choice, unknown provider, a missing package or key, a literal key.
    """
    text = choice or environment.get(VARIABLE, "")
    if not text:
        raise ConfigError("no model is named", hint=_EXAMPLE)
    _refuse_literal_options(options)
    chosen = ModelChoice.parse(text)
    if environment.get(FLATTEN_VARIABLE, "") in ("1", "true", "yes") and chosen.provider != "scripted":
        options.setdefault("flatten_messages_as_text", True)
    return _BUILDERS[chosen.provider](chosen, environment, options)


def _openai(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    _need("openai", "openai")
    url = choice.url or env.get("OPENAI_BASE_URL", "")
    key = _key(env, "OPENAI_API_KEY", send=not choice.url or _host(choice.url).endswith(".openai.com"))
    if not key and not url:
        raise ConfigError("OPENAI_API_KEY is not set", hint="export it, or name a server: " + _EXAMPLE)
    # The SDK insists on a key; a local server that wants none ignores this word.
    return _smolagents("OpenAIModel")(
        model_id=choice.model, api_base=url or None, api_key=key or "none", **options
    )


def _hf(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    key = _key(env, "HF_TOKEN", send=not choice.url or _host(choice.url).endswith(".huggingface.co"))
    options.setdefault("timeout", 120)
    make = _smolagents("InferenceClientModel")
    if not choice.url:  # without a token the client looks for a stored login itself
        return make(model_id=choice.model, token=key or None, **options)
    # The client takes a server's address in the place of the model; the model itself goes into each request.
    made = make(model_id=choice.url, token=key or "none", model=choice.model, **options)
    made.model_id = choice.model
    return made


def _litellm(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    _need("litellm", "litellm")
    key = _key(env, "", send=False)
    named = choice.model.partition("/")[0] if "/" in choice.model else "openai"
    if not key and choice.url and named == "openai" and not _host(choice.url).endswith(".openai.com"):
        key = "none"  # or LiteLLM would send OPENAI_API_KEY there
    return _smolagents("LiteLLMModel")(
        model_id=choice.model, api_base=choice.url or None, api_key=key or None, **options
    )


def _ollama(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    _need("openai", "openai")
    base = (choice.url or env.get("OLLAMA_HOST_URL", "") or OLLAMA_URL).rstrip("/")
    base = base if base.endswith("/v1") else base + "/v1"
    return _smolagents("OpenAIModel")(
        model_id=choice.model, api_base=base, api_key=_key(env, "", send=False) or "ollama", **options
    )


def _transformers(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    del env
    _need("transformers", "transformers")
    _need("torch", "transformers")
    options.setdefault("max_new_tokens", 1024)
    return _smolagents("TransformersModel")(model_id=choice.model, **options)


def _azure(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    _need("openai", "openai")
    endpoint = choice.url or env.get("AZURE_OPENAI_ENDPOINT", "")
    if not endpoint:
        raise ConfigError(
            "azure needs its endpoint", hint=f"{VARIABLE}=azure:DEPLOYMENT@https://NAME.openai.azure.com"
        )
    key = _key(env, "AZURE_OPENAI_API_KEY", send=True)
    version = env.get("OPENAI_API_VERSION", "2024-10-21")
    return _smolagents("AzureOpenAIModel")(
        model_id=choice.model, azure_endpoint=endpoint, api_key=key or None, api_version=version, **options
    )


def _bedrock(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    del env  # boto3 reads its own variables and profiles
    _need("boto3", "bedrock")
    if choice.url:
        options["client_kwargs"] = {**options.get("client_kwargs", {}), "endpoint_url": choice.url}
    made = _smolagents("AmazonBedrockModel")(model_id=choice.model, **options)
    made.client = _Bedrock(made.client)
    return made


class _Bedrock:
    """boto3's client; smolagents 1.26 looks for a field in its answers that Bedrock never sends."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def converse(self, **question: Any) -> Any:
        answer = self._client.converse(**question)
        answer["output"]["message"].setdefault("tool_calls", None)
        return answer


def _scripted(choice: ModelChoice, env: Mapping[str, str], options: dict[str, Any]) -> Any:
    del env, options
    from toolreg.agent.scripted import ScriptedModel

    return ScriptedModel.read(Path(choice.model))


_BUILDERS: Mapping[str, Callable[[ModelChoice, Mapping[str, str], dict[str, Any]], Any]] = {
    "openai": _openai,
    "hf": _hf,
    "litellm": _litellm,
    "ollama": _ollama,
    "transformers": _transformers,
    "azure": _azure,
    "bedrock": _bedrock,
    "scripted": _scripted,
}


def _key(env: Mapping[str, str], name: str, *, send: bool) -> str:
    """The key for this server: the provider's own variable goes to the provider's own host alone."""
    return env.get(KEY_VARIABLE, "") or (env.get(name, "") if send and name else "")


def _host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return "." + host


def _need(module: str, extra: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise ConfigError(
            f"this provider needs the package '{module}'", hint=f"pip install 'smolagents-toolreg[{extra}]'"
        )


def _smolagents(name: str) -> Any:
    return getattr(importlib.import_module("smolagents"), name)


def _refuse_literal_options(options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        if name in ("api_key", "token", "aws_secret_access_key") and value is not None:
            raise ConfigError(
                f"a literal {name} in code is refused",
                hint=f"put the key into the environment: {KEY_VARIABLE}",
            )
        if isinstance(value, str) and looks_secret(value):
            raise ConfigError(
                f"option '{name}' holds what looks like a key", hint="put the key into the environment"
            )


def _refuse_keys(model: str, url: str) -> None:
    parts = urlsplit(url)
    in_query = any(re.search(r"key|token|secret|password", k, re.I) for k, _ in parse_qsl(parts.query))
    if parts.username or parts.password or in_query or looks_secret(model) or looks_secret(url):
        raise ConfigError(
            f"{VARIABLE} holds a key", hint=f"name the model only; the key goes into {KEY_VARIABLE}"
        )
