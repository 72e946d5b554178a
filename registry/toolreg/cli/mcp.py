"""`toolreg mcp`: tools of MCP servers in, confined tools out to any MCP client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from toolreg.cli.output import Format, console, joined, print_json, safe
from toolreg.errors import GOOD, UsageError

Folder = Annotated[Path, typer.Option("--folder", help="The agent's project, where mcp.lock.json lies.")]


def import_server(
    target: Annotated[str, typer.Argument(help="The server's command, or its URL.")],
    effects: Annotated[
        list[str] | None,
        typer.Option(
            "--effect", help="Grant it, e.g. 'net: *' or 'read: *'; nothing without.", show_default=False
        ),
    ] = None,
    env: Annotated[
        list[str] | None, typer.Option("--env", help="Name of a variable to pass on.", show_default=False)
    ] = None,
    folder: Folder = Path(),
    format: Annotated[Format, typer.Option("--format", help="How to print the tools.")] = "text",
) -> int:
    """Pin a server's tools in mcp.lock.json. A command runs in the sandbox, with its own files and what is granted.

    An agent refuses the server as soon as it offers anything else; importing again shows what changed.
    """
    from toolreg.agent.secrets import looks_secret
    from toolreg.mcp.bridge import open_link
    from toolreg.mcp.lock import FILE, McpLock, Pinned, changes
    from toolreg.mcp.spec import ServerSpec

    if looks_secret(target):
        raise UsageError("the server's command holds a key", hint="name its variable with --env instead")
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", hint="name the agent's project")
    spec = ServerSpec.parse(target, tuple(effects or ()), tuple(env or ()))
    lock = McpLock.read(folder / FILE)
    with open_link(spec, os.environ) as link:
        pinned = Pinned(spec, tuple(link.tools()))
    before = next((s for s in lock.servers if s.spec.target == spec.target), None)
    differences = list(changes(before.tools, pinned.tools)) if before else []
    lock.with_server(pinned).write(folder / FILE)
    if format == "json":
        rows = [
            {"name": t.name, "description": t.description, "annotations": t.annotations} for t in pinned.tools
        ]
        print_json({"target": spec.target, "digest": pinned.digest, "tools": rows, "changed": differences})
        return GOOD
    out = console()
    for tool in pinned.tools:
        word = "reads" if tool.annotations.get("readOnlyHint") else "may change things, in its own word"
        out.print(
            f"{safe(tool.name)}  [dim]{safe(tool.description.strip().split(chr(10))[0][:80])}  ({word})[/]"
        )
    for line in differences:
        out.print(f"[yellow]CHANGED[/] {safe(line)}")
    out.print(f"{len(pinned.tools)} tools pinned: {pinned.digest}")
    reach = joined(spec.reach, "none: no network, no files but its own")
    out.print(f"[dim]granted  {safe(reach)}[/]")
    out.print(f"[dim]next: mcp = [{safe(repr(spec.target))}] in toolreg.toml[/]")
    return GOOD


def serve(
    tools: Annotated[
        list[str] | None,
        typer.Argument(
            help="PATH[:NAME], a locked tool's name, or NAMESPACE/NAME; the policy's and the locked ones without.",
            show_default=False,
        ),
    ] = None,
    http: Annotated[
        int | None,
        typer.Option(
            "--http",
            min=0,
            max=65535,
            help="Port for streamable HTTP on 127.0.0.1, 0 for a free one; stdio without.",
            show_default=False,
        ),
    ] = None,
    workspace: Annotated[
        Path, typer.Option("--workspace", help="Folder that relative paths lie in.")
    ] = Path(),
    folder: Folder = Path(),
) -> int:
    """Offer tools to any MCP client. Every call runs in the sandbox, under exactly the tool's effects."""
    from toolreg.agent.paths import outside
    from toolreg.agent.policy import AgentPolicy
    from toolreg.agent.tools import open_tools
    from toolreg.load import Room
    from toolreg.mcp.serve import serve_http, serve_stdio

    policy = AgentPolicy.of_project(folder)
    lent = {name: value for name, value in os.environ.items() if name in policy.env}
    room = Room(workspace=str(workspace.absolute()), env=lent)
    locked = policy.locked and not tools
    found = open_tools(tools or policy.tools, folder=Path() if tools else folder, room=room, locked=locked)
    if not found:
        raise UsageError(
            "there is no tool to serve",
            hint="name one, lock one with `toolreg add`, or list them in toolreg.toml",
        )

    def refuse(tool: Any, arguments: Mapping[str, Any]) -> str:
        return outside(tool, arguments, policy.folders)

    if http is None:
        serve_stdio(found, refuse)
    else:
        ready = console(stderr=True).print
        serve_http(
            found, "127.0.0.1", http, refuse, lambda address: ready(f"{len(found)} tools at {address}")
        )
    return GOOD
