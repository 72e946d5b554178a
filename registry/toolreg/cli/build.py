"""`toolreg build`: the published form of a tool, and the proof that it reloads as its source."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.errors import GOOD

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.building import Built


def build(
    target: Annotated[str, typer.Argument(help="PATH[:NAME] of a tool.")],
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", help="Folder to write into; dist/NAME if not given.", show_default=False
        ),
    ] = "",
    pip_report: Annotated[
        str,
        typer.Option(
            "--pip-report",
            help="pip's report on requirements.txt; its hashes become requirements.lock.",
            show_default=False,
        ),
    ] = "",
    format: Annotated[Format, typer.Option("--format", help="How to print the report.")] = "text",
) -> int:
    """Write a tool's published form: tool.py with all it reaches, requirements.txt, README.md, index.html.

    It is then loaded by stock smolagents in the sandbox, beside the source: the definition and every example
    must be the same. What cannot be made self-contained is refused, with every reason and its line.
    """
    from toolreg.building import build_tool, write
    from toolreg.pipeline import one_tool

    path, _, name = (
        target.rpartition(":") if ":" in target and not os.path.exists(target) else (target, "", "")
    )
    tool = one_tool(path, name)
    built = write(build_tool(tool, pip_report=pip_report), output or os.path.join("dist", tool.name))
    if format == "json":
        print_json(report_of(built))
    else:
        show(built, console())
    return GOOD


def show(built: Built, out: Console) -> None:
    """What was written, what was proven, what the publisher should know."""
    bundle, proof = built.bundle, built.proof
    for path in built.written:
        out.print(f"wrote {safe(path)}")
    calls = "its examples give the same" if proof.cases else "it has no examples to compare"
    out.print(
        f"[bold]{safe(bundle.name)}[/]: smolagents loads it, with the same definition as the source; {calls}"
    )
    for note in bundle.notes:
        out.print(f"[yellow]note:[/] line {note.line}: {safe(note.text)}")
    if proof.stock:
        out.print(f"[yellow]note:[/] smolagents itself does not take the source: {safe(proof.stock)}")
    if proof.second_pass and not any("cannot save" in note.text for note in bundle.notes):
        out.print(f"[yellow]note:[/] smolagents cannot save the loaded tool again: {safe(proof.second_pass)}")


def report_of(built: Built) -> dict[str, Any]:
    bundle, proof = built.bundle, built.proof
    return {
        "tool": bundle.name,
        "entry": bundle.entry,
        "files": list(built.written),
        "sources": list(bundle.sources),
        "requirements": [
            {"name": r.name, "version": r.version, "imports": list(r.imports), "optional": r.optional}
            for r in bundle.requirements
        ],
        "notes": [{"line": n.line, "text": n.text} for n in bundle.notes],
        "proof": {"cases": proof.cases, "stock": proof.stock, "second_pass": proof.second_pass},
    }
