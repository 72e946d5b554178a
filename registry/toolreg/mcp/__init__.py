"""MCP both ways: the tools of a server as locked, confined tools; approved tools for any MCP client."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_PLACES = {
    "McpLock": "lock",
    "McpTool": "bridge",
    "Offered": "link",
    "ServerSpec": "spec",
    "connect": "bridge",
    "serve_http": "serve",
    "serve_stdio": "serve",
}
__all__ = list(_PLACES)

if TYPE_CHECKING:
    from toolreg.mcp.bridge import McpTool as McpTool
    from toolreg.mcp.bridge import connect as connect
    from toolreg.mcp.link import Offered as Offered
    from toolreg.mcp.lock import McpLock as McpLock
    from toolreg.mcp.serve import serve_http as serve_http
    from toolreg.mcp.serve import serve_stdio as serve_stdio
    from toolreg.mcp.spec import ServerSpec as ServerSpec


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'toolreg.mcp' has no attribute '{name}'")
    return getattr(import_module(f"toolreg.mcp.{_PLACES[name]}"), name)
