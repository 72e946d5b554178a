"""A server's tools for a smolagents agent: confined, pinned, and honest about errors."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Any

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.effects import Effect
from toolreg.errors import UsageError
from toolreg.mcp.confined import ConfinedServer
from toolreg.mcp.link import Link, Offered, http_transport
from toolreg.mcp.lock import Pinned, check
from toolreg.mcp.spec import ServerSpec

_TYPES = frozenset({"string", "boolean", "integer", "number", "array", "object", "null"})
_LONGEST_DESCRIPTION = 8_000
CALL_SECONDS = 60.0


class McpTool(Tool):  # type: ignore[misc,unused-ignore]
    """One tool of an MCP server. A failed call raises; its effects are what its server is granted."""

    skip_forward_signature_validation = True

    def __init__(self, link: Link, offered: Offered, spec: ServerSpec) -> None:
        self.name = python_name(offered.name)
        self.description = offered.description[:_LONGEST_DESCRIPTION] or offered.name
        self.inputs = inputs_of(offered.schema)
        self.output_type = "any"
        self.output_schema = None
        self.effects: tuple[Effect, ...] = effects_of(offered, spec)
        self.where = spec.target if spec.is_url else "sandbox (MCP)"
        self._link, self._offered = link, offered
        super().__init__()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call it. Raises McpToolError where the server says that it failed, McpError where the server did."""
        given = {**dict(zip(self.inputs, args, strict=False)), **kwargs}
        unset = {n for n, v in given.items() if v is None and self.inputs.get(n, {}).get("nullable")}
        arguments = {name: value for name, value in given.items() if name not in unset}
        return self._link.call(self._offered.name, arguments, CALL_SECONDS)

    def to_dict(self) -> dict[str, Any]:
        """Refuses: there is no code to save."""
        raise UsageError(
            f"{self.name} lives in an MCP server", hint="name the server under `mcp` in toolreg.toml"
        )


def open_link(
    spec: ServerSpec, environment: Mapping[str, str] | None = None, workspace: str | None = None
) -> Link:
    """Start or reach the server. Raises McpError, UsageError, SandboxUnavailable."""
    if spec.is_url:
        return Link(http_transport(spec.target))
    return Link(ConfinedServer(spec, environment or {}, workspace))


def connect(
    pinned: Pinned, environment: Mapping[str, str] | None = None, workspace: str | None = None
) -> tuple[list[McpTool], Link]:
    """The tools of a pinned server and the conversation that carries them, to be closed by the caller.

    Raises DigestMismatch if the server offers anything else than what was pinned.
    """
    link = open_link(pinned.spec, environment, workspace)
    try:
        check(pinned, link.tools())
        return [McpTool(link, offered, pinned.spec) for offered in pinned.tools], link
    except BaseException:
        link.close()
        raise


def python_name(name: str) -> str:
    """A tool's name as Python can write it: get-sum → get_sum."""
    plain = re.sub(r"\W", "_", name, flags=re.ASCII) or "tool"
    plain = f"_{plain}" if plain[0].isdigit() else plain
    return f"{plain}_" if keyword.iskeyword(plain) or plain == "final_answer" else plain


def inputs_of(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A JSON Schema's properties as smolagents' inputs."""
    properties = schema.get("properties")
    required = schema.get("required") or ()
    inputs: dict[str, dict[str, Any]] = {}
    for name, about in (properties if isinstance(properties, dict) else {}).items():
        about = about if isinstance(about, dict) else {}
        entry: dict[str, Any] = {"type": _type(about), "description": _description(about)}
        if name not in required:
            entry["nullable"] = True
        if isinstance(about.get("enum"), list):
            entry["enum"] = about["enum"]
        inputs[str(name)] = entry
    return inputs


def effects_of(offered: Offered, spec: ServerSpec) -> tuple[Effect, ...]:
    """What a call can do: for a confined server its grant, for a remote one its host and its own word."""
    if not spec.is_url:
        return spec.reach
    host = spec.reach[0]
    told = offered.annotations
    if told.get("readOnlyHint"):
        return (Effect("net", host.target),)
    return (Effect("net", host.target, "deletes" if told.get("destructiveHint", True) else "writes"),)


def _type(about: Mapping[str, Any]) -> str:
    kind = about.get("type")
    return kind if isinstance(kind, str) and kind in _TYPES else "any"


def _description(about: Mapping[str, Any]) -> str:
    text = str(about.get("description") or about.get("title") or "")
    return text[:_LONGEST_DESCRIPTION] or "No description is given."
