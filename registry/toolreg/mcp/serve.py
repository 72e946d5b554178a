"""Approved tools for any MCP client: every call confined, annotations computed from effects."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import anyio
from mcp import types
from mcp.server import Server
from mcp.server.stdio import stdio_server

from toolreg import __version__
from toolreg.effects import Effect, hints
from toolreg.errors import ToolregError, UsageError
from toolreg.mcp.answers import failure, success

_NAME = "toolreg"
Refuse = Callable[[Any, Mapping[str, Any]], str]


def _refuse_nothing(tool: Any, arguments: Mapping[str, Any]) -> str:
    del tool, arguments
    return ""


class Shelf:
    """The tools on offer, as MCP sees them."""

    def __init__(self, tools: Sequence[Any], refuse: Refuse) -> None:
        self._refuse = refuse
        self._tools = {tool.name: tool for tool in tools}

    def listed(self) -> list[Any]:
        return [types.Tool.model_validate(_described(tool)) for tool in self._tools.values()]

    async def call(self, name: str, arguments: Mapping[str, Any] | None) -> Any:
        """The result; what the tool raises is an error for the client, not for the server."""
        tool = self._tools.get(name)
        if tool is None:
            return failure(f"there is no tool '{name:.100}'")
        problem = _problem(tool, arguments or {}) or self._refuse(tool, arguments or {})
        if problem:
            return failure(problem)
        try:
            # A client that cancels, or goes, waits for nothing; the call ends by its own limits.
            value = await anyio.to_thread.run_sync(
                lambda: tool.forward(**(arguments or {})), abandon_on_cancel=True
            )
            return success(value, tool.output_type)
        except ToolregError as error:
            return failure(str(error))
        except Exception as error:  # noqa: BLE001 - a tool may raise anything; the client is told
            return failure(f"{type(error).__name__}: {error}")


def make_server(tools: Sequence[Any], refuse: Refuse = _refuse_nothing) -> Any:
    """An MCP server of these tools, on either version of the SDK. refuse: why a call may not be made, or nothing."""
    shelf = Shelf(tools, refuse)
    if hasattr(Server, "call_tool"):  # mcp 1
        server: Any = Server(_NAME, version=__version__)
        server.list_tools()(_async(shelf.listed))
        server.call_tool(validate_input=False)(shelf.call)
        return server

    async def on_list_tools(_: Any, __: Any) -> Any:
        return types.ListToolsResult(tools=shelf.listed())

    async def on_call_tool(_: Any, params: Any) -> Any:
        return await shelf.call(params.name, params.arguments)

    return Server(_NAME, version=__version__, on_list_tools=on_list_tools, on_call_tool=on_call_tool)


def serve_stdio(tools: Sequence[Any], refuse: Refuse = _refuse_nothing) -> None:
    """Serve on standard input and output until the client goes."""
    anyio.run(_stdio, make_server(tools, refuse))


def serve_http(
    tools: Sequence[Any],
    host: str,
    port: int,
    refuse: Refuse = _refuse_nothing,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve streamable HTTP at `http://HOST:PORT/mcp` until interrupted; port 0 takes a free one.

    ready: told the address once it listens. Raises UsageError where the port cannot be had.
    """
    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}:{port}: {error.strerror}",
                hint="choose another --http, or stop what is there",
            ) from error
        listener.listen(128)
        ready(f"http://{host}:{listener.getsockname()[1]}/mcp")
        uvicorn.Server(uvicorn.Config(http_app(tools, refuse), log_level="warning")).run([listener])


def http_app(tools: Sequence[Any], refuse: Refuse = _refuse_nothing) -> Any:
    """The streamable HTTP application; answers only for the loopback's own names (DNS rebinding)."""
    server = make_server(tools, refuse)
    if hasattr(server, "streamable_http_app"):
        return server.streamable_http_app()
    from contextlib import asynccontextmanager

    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette
    from starlette.routing import Mount

    safety = TransportSecuritySettings(
        enable_dns_rebinding_protection=True, allowed_hosts=["127.0.0.1:*", "localhost:*"], allowed_origins=[]
    )
    manager = StreamableHTTPSessionManager(server, security_settings=safety)

    @asynccontextmanager
    async def lifespan(_: Any) -> Any:
        async with manager.run():
            yield

    return Starlette(routes=[Mount("/mcp", app=manager.handle_request)], lifespan=lifespan)


async def _stdio(server: Any) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _described(tool: Any) -> dict[str, Any]:
    effects: tuple[Effect, ...] = tool.effects
    told = ", ".join(map(str, effects)) or "none"
    return {
        "name": tool.name,
        "description": f"{tool.description}\n\nEffects, enforced by a sandbox: {told}",
        "inputSchema": _schema(tool.inputs),
        "annotations": asdict(hints(effects)),
    }


def _schema(inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    properties = {name: _property(about) for name, about in inputs.items()}
    required = [name for name, about in inputs.items() if not about.get("nullable")]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _property(about: Mapping[str, Any]) -> dict[str, Any]:
    plain = {k: v for k, v in about.items() if k not in ("nullable", "type")}
    kind = about.get("type", "any")
    if kind == "any":
        return plain
    kinds = [kind] if isinstance(kind, str) else list(kind)
    kinds += ["null"] if about.get("nullable") else []
    return {**plain, "type": kinds[0] if len(kinds) == 1 else kinds}


def _problem(tool: Any, arguments: Mapping[str, Any]) -> str:
    from smolagents.tools import validate_tool_arguments  # type: ignore[import-untyped]

    try:
        validate_tool_arguments(tool, dict(arguments))
    except Exception as error:  # noqa: BLE001 - smolagents' own check may break on odd schemas
        return str(error)
    return ""


def _async(work: Any) -> Any:
    async def run() -> Any:
        return work()

    return run
