"""A server's tools for a smolagents agent: confined, pinned, and honest about errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.effects import Effect
from toolreg.errors import UsageError
from toolreg.mcp.confined import ConfinedServer
from toolreg.mcp.described import LONGEST_DESCRIPTION, inputs_of, python_name, python_names
from toolreg.mcp.link import Link, Offered, http_transport
from toolreg.mcp.lock import Pinned, check
from toolreg.mcp.spec import ServerSpec

CALL_SECONDS = 60.0


class McpTool(Tool):  # type: ignore[misc,unused-ignore]
    """One tool of an MCP server. A failed call raises; its effects are what its server is granted."""

    skip_forward_signature_validation = True

    def __init__(self, link: Link, offered: Offered, spec: ServerSpec, name: str = "") -> None:
        self.name = name or python_name(offered.name)
        self.description = offered.description[:LONGEST_DESCRIPTION] or offered.name
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
        names = python_names(offered.name for offered in pinned.tools)
        return [McpTool(link, each, pinned.spec, names[each.name]) for each in pinned.tools], link
    except BaseException:
        link.close()
        raise


def effects_of(offered: Offered, spec: ServerSpec) -> tuple[Effect, ...]:
    """What a call can do: for a confined server its grant, for a remote one its host and its own word."""
    if not spec.is_url:
        return spec.reach
    host = spec.reach[0]
    told = offered.annotations
    if told.get("readOnlyHint"):
        return (Effect("net", host.target),)
    return (Effect("net", host.target, "deletes" if told.get("destructiveHint", True) else "writes"),)
