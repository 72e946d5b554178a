"""`toolreg effects`: what a tool declares, what its code can do, and what could not be seen."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.check import Paths
from toolreg.cli.output import Format, console, joined, print_error, print_json, safe
from toolreg.errors import GOOD, NOT_JUDGED, REFUSED, SourceError, worst

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.contract import ToolSource
    from toolreg.effects import Effect
    from toolreg.infer import Inference


# The rules whose fixes write what a docstring says of effects.
SECTION_RULES = ("TRG301", "TRG303")


def effects(
    paths: Paths = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read installed packages too, from the called function on.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="First draft the Side effects sections into the files.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="How to print the answer.")] = "text",
) -> int:
    """Show per tool what it declares, what its code can do with file, line and call path, and what stayed unresolved.

    Exits 1 where something inferred is not declared, 3 where something stayed unresolved.
    """
    from toolreg.config import project_config
    from toolreg.pipeline import read_tools

    if write:
        from toolreg.lint import LintConfig
        from toolreg.lint.fixes import fix_paths

        fix_paths(paths or ["."], LintConfig(select=SECTION_RULES, ruff="off"), unsafe=True, write=True)
    project_config()
    infer = _reader(deep)
    modules, errors = read_tools(paths or ["."])
    answers = [(tool, _declared(tool), infer(tool)) for module in modules for tool in module.tools]
    if not answers and not errors:
        hint = "a tool is a function under @tool, or a subclass of Tool"
        errors.append(
            SourceError("no tool found; nothing was judged", path=", ".join(paths or ["."]), hint=hint)
        )
    if format == "json":
        print_json([report_of(*answer) for answer in answers])
    else:
        for answer in answers:
            show(*answer, console())
    for error in errors:
        print_error(error)
    return worst(
        [*(_code(declared, found) for _, declared, found in answers), *(e.exit_code for e in errors)]
    )


def _reader(deep: bool) -> Callable[[ToolSource], Inference]:
    """How a tool is read: its own files, or installed packages too, with the answers kept."""
    if not deep:
        from toolreg.infer import infer

        return infer
    from platformdirs import user_cache_dir

    from toolreg.infer.deep import infer_deep

    cache = os.path.join(user_cache_dir("toolreg"), "deep")
    return lambda tool: infer_deep(tool, cache=cache)


def _declared(tool: ToolSource) -> tuple[Effect, ...] | None:
    from toolreg.effects import EffectSyntaxError

    try:
        return tool.declared
    except EffectSyntaxError as error:
        print_error(error)
        return None


def _code(declared: tuple[Effect, ...] | None, found: Inference) -> int:
    if found.undeclared(declared or ()) or declared is None:
        return REFUSED
    return NOT_JUDGED if found.unsettled(declared) else GOOD


def show(tool: ToolSource, declared: tuple[Effect, ...] | None, found: Inference, out: Console) -> None:
    out.print(f"[bold]{safe(tool.name)}[/]  [dim]{safe(f'{tool.path}:{tool.line}')}[/]")
    out.print(
        f"  [dim]declared[/]    {safe(joined(declared)) if declared is not None else '[red]nothing said[/]'}"
    )
    missing = {e.effect for e in found.undeclared(declared or ())}
    if not found.evidence:
        out.print("  [dim]inferred[/]    none")
    for evidence in found.evidence:
        mark = "  [red]not declared[/]" if evidence.effect in missing else ""
        place = f"{evidence.path}:{evidence.line}"
        via = " → ".join(evidence.via)
        out.print(
            f"  [dim]inferred[/]    {safe(str(evidence.effect))}{mark}  [dim]{safe(place)}  {safe(via)}[/]"
        )
    for question in found.unresolved:
        settled = "" if question in found.unsettled(declared or ()) else "  [green](declared)[/]"
        place = f"{question.path}:{question.line}"
        out.print(f"  [yellow]unresolved[/]  {safe(question.reason)}{settled}  [dim]{safe(place)}[/]")
    on = [name for name, value in _hints(declared, found).items() if value]
    out.print(f"  [dim]hints[/]       {joined(on)}")


def report_of(tool: ToolSource, declared: tuple[Effect, ...] | None, found: Inference) -> dict[str, Any]:
    return {
        "tool": tool.name,
        "path": tool.path,
        "line": tool.line,
        "declared": None if declared is None else [str(e) for e in declared],
        "inferred": [
            {"effect": str(e.effect), "path": e.path, "line": e.line, "via": list(e.via)}
            for e in found.evidence
        ],
        "undeclared": sorted({str(e.effect) for e in found.undeclared(declared or ())}),
        "unresolved": [{"path": u.path, "line": u.line, "reason": u.reason} for u in found.unresolved],
        "hints": _hints(declared, found),
    }


def _hints(declared: tuple[Effect, ...] | None, found: Inference) -> dict[str, bool]:
    from toolreg.effects import hints

    unresolved = declared is None or bool(found.unsettled(declared))
    return dataclasses.asdict(hints({*(declared or ()), *found.effects}, unresolved=unresolved))
