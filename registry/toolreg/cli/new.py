"""`toolreg new tool|agent NAME`: a start that lint, check, doctor and pytest approve of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from toolreg.cli.output import console, safe
from toolreg.errors import GOOD

Kind = Literal["code", "tool-calling"]
Boundary = Literal["local", "docker", "e2b", "modal", "blaxel"]
Into = Annotated[Path, typer.Option("--into", help="Folder to write into.")]


def new_tool(
    name: Annotated[str, typer.Argument(help="Name of the tool, e.g. city_weather.")],
    into: Into = Path(),
) -> int:
    """Write NAME.py: a tool with its whole contract, which passes lint and check."""
    from toolreg.agent.scaffold import new_tool as write

    path = write(name, into)
    console().print(f"wrote {safe(str(path))}")
    console().print(f"[dim]next: toolreg check {safe(str(path))}[/]")
    return GOOD


def new_agent(
    name: Annotated[str, typer.Argument(help="Name of the agent, e.g. research_agent.")],
    into: Into = Path(),
    kind: Annotated[
        Kind, typer.Option("--kind", help="code: writes Python; tool-calling: names a tool.")
    ] = "code",
    sandbox: Annotated[Boundary, typer.Option("--sandbox", help="Where its code runs.")] = "local",
    model: Annotated[
        str | None, typer.Option("--model", help="PROVIDER:MODEL[@URL] for .env.example.", show_default=False)
    ] = None,
    mcp: Annotated[
        list[str] | None,
        typer.Option("--mcp", help="An MCP server of its own; may be given again.", show_default=False),
    ] = None,
) -> int:
    """Write the project NAME: agent, policy, a tool, tests that need no key and no network, CI."""
    from toolreg.agent.scaffold import DEFAULT_MODEL, Wish
    from toolreg.agent.scaffold import new_agent as write

    files = write(Wish(name, kind, sandbox, model or DEFAULT_MODEL, tuple(mcp or ())), into)
    out = console()
    for path in files:
        out.print(f"wrote {safe(str(path))}")
    out.print(f"[dim]next: cd {safe(str(into / name))} && toolreg doctor && pytest[/]")
    return GOOD


def scaffold_main() -> None:
    """`smolagent_safety_scaffold.py --name NAME`: the scaffold under its older name."""
    import sys

    from toolreg.cli.app import run

    words = [w for w in sys.argv[1:] if w != "--name"]
    words = [w.removeprefix("--name=") for w in words]
    raise SystemExit(run(["new", "agent", *words]))
