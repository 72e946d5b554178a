"""A Gradio Space as a tool, with today's gradio_client: its host is its declared effect."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.effects import Effect
from toolreg.errors import ConfigError, Offline, UsageError

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
CALL_SECONDS = 120.0


class SpaceTool(Tool):  # type: ignore[misc,unused-ignore]
    """One endpoint of a Space. Calling it sends the arguments to the Space's host, and nowhere else."""

    skip_forward_signature_validation = True

    def __init__(
        self, client: Any, endpoint: str, about: Mapping[str, Any], name: str, description: str
    ) -> None:
        parameters = list(about.get("parameters") or ())
        self.name, self.description = name, description
        self.inputs = {str(p["parameter_name"]): _input(p) for p in parameters}
        returns = list(about.get("returns") or ())
        self.output_type = _type(returns[0]) if len(returns) == 1 else "any"
        self.where = urlsplit(client.src).netloc
        self.effects = (Effect("net", _host(client.src), "writes"),)
        self._client, self._endpoint = client, endpoint
        super().__init__()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Ask the Space. Raises Offline where it does not answer in time."""
        given = {**dict(zip(self.inputs, args, strict=False)), **kwargs}
        job = self._client.submit(**given, api_name=self._endpoint)
        try:
            return job.result(timeout=CALL_SECONDS)
        except TimeoutError as error:
            job.cancel()
            raise Offline(f"{self.name}: {self.where} did not answer within {CALL_SECONDS:g} s") from error

    def to_dict(self) -> dict[str, Any]:
        """Refuses: there is no code to save."""
        raise UsageError(f"{self.name} lives in a Space", hint="open it again with from_space")


def from_space(
    space: str, name: str, description: str, *, api_name: str = "", token: str | None = None
) -> SpaceTool:
    """A tool of a Space: `owner/name`, or the URL of a Gradio app. api_name: its endpoint, the first without.

    token: for a private Space; read it from the environment. Raises ConfigError, Offline, UsageError.
    """
    try:
        from gradio_client import Client
    except ImportError as error:
        raise ConfigError(
            "a Space needs the package 'gradio_client'", hint="pip install 'smolagents-toolreg[spaces]'"
        ) from error
    word = "token" if "token" in inspect.signature(Client.__init__).parameters else "hf_token"
    try:
        client = Client(space, verbose=False, **({word: token} if token else {}))
        endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    except Exception as error:
        raise Offline(f"the Space '{space}' cannot be reached: {error}") from error
    wanted = api_name and f"/{api_name.removeprefix('/')}"
    endpoint = wanted or next(iter(endpoints), "")
    if endpoint not in endpoints:
        raise UsageError(
            f"the Space '{space}' has no endpoint '{endpoint}'",
            hint=f"it has: {', '.join(endpoints) or 'none'}",
        )
    return SpaceTool(client, endpoint, endpoints[endpoint], name, description)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port not in (None, 80, 443) else str(parts.hostname)


def _input(parameter: Mapping[str, Any]) -> dict[str, Any]:
    label = str(parameter.get("label") or parameter["parameter_name"])
    entry: dict[str, Any] = {"type": _type(parameter), "description": label}
    if parameter.get("parameter_has_default"):
        entry["nullable"] = True
    return entry


def _type(about: Mapping[str, Any]) -> str:
    kind = (about.get("python_type") or {}).get("type", "")
    return _TYPES.get(str(kind), "any")
