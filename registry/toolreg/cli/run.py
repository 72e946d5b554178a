"""`toolreg run`: one call of one tool in the sandbox, then the effects it used against those it declares."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.boundary import Backend, Unsafe, chosen
from toolreg.cli.output import Format, console, gathered, joined, print_json, safe
from toolreg.errors import GOOD, REFUSED, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.calling import Called
    from toolreg.effects import Effect

TYPES: dict[str, type | tuple[type, ...]] = {
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def run(
    target: Annotated[
        str, typer.Argument(help="PATH[:NAME] of a tool, or NAMESPACE/NAME[@REVISION] of a published one.")
    ],
    arguments: Annotated[
        list[str] | None, typer.Argument(help="key=value, one for each argument.", show_default=False)
    ] = None,
    workspace: Annotated[str, typer.Option("--workspace", help="Folder that relative paths lie in.")] = ".",
    to: Annotated[str, typer.Option("--from", "--to", help="Which Hub: local, hf, or a URL.")] = "local",
    learn: Annotated[
        bool, typer.Option("--learn", help="Grant nothing, and draft the declaration from what was denied.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="How to print the answer.")] = "text",
    backend: Backend = "",
    unsafe_no_sandbox: Unsafe = False,
) -> int:
    """Call one tool under exactly its declared effects.

    Values of inputs that are no text are read as JSON: days=3 deep=true ids='[1, 2]'.
    """
    from toolreg import calling

    where = chosen(backend, unsafe_no_sandbox, learn=learn)
    with calling.open_tool(target, to, undeclared=learn) as tool:
        values = parse_arguments(arguments or (), tool.inputs)
        if learn:
            called, drafted = calling.learn(tool, values, workspace=workspace, backend=where)
            return show_draft(called, drafted, format)
        called = calling.call(tool, values, workspace=workspace, env=os.environ, backend=where)
    if format == "json":
        print_json(report_of(called))
    else:
        show(called, console(), console(stderr=True))
    return GOOD if called.error == "" and not called.beyond else REFUSED


def show_draft(called: Called, drafted: tuple[Effect, ...], format: Format) -> int:
    """The section to paste into the docstring, as far as one call with nothing granted can tell."""
    if format == "json":
        print_json({"tool": called.tool, "drafted": [str(e) for e in drafted], "error": called.error or None})
        return GOOD
    out = console()
    if not drafted:
        out.print("Side effects: none")
    else:
        out.print("Side effects:")
        for effect in drafted:
            qualifier = f" ({effect.qualifier})" if effect.qualifier else ""
            out.print(f"    {safe(effect.kind)}: {safe(effect.target)}{qualifier}")
    if called.error:
        console(stderr=True).print(
            f"[dim]the call ended with {safe(called.error)}; what would have come after it was not seen[/]"
        )
    return GOOD


def parse_arguments(pairs: Sequence[str], inputs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """`key=value` texts as the values that the inputs ask for. Raises UsageError."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or name not in inputs:
            raise UsageError(
                f"no argument '{name}'" if equals else f"'{pair}' is no key=value",
                hint=f"arguments: {joined(inputs)}",
            )
        if name in values:
            raise UsageError(f"argument '{name}' is given twice", hint=f"write one {name}=…")
        values[name] = parse_value(name, text, inputs[name].get("type", "any"))
    missing = [n for n, schema in inputs.items() if n not in values and not schema.get("nullable")]
    if missing:
        raise UsageError(f"argument '{missing[0]}' is missing", hint=f"add {missing[0]}=…")
    return values


def parse_value(name: str, text: str, kinds: str | list[str]) -> Any:
    """One value, by the type of its input; text where several types would do and it is no JSON."""
    wanted = [kinds] if isinstance(kinds, str) else kinds
    if wanted == ["string"]:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    expected = TYPES.get(wanted[0]) if len(wanted) == 1 else None
    if expected is not None and (
        not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool)
    ):
        raise UsageError(
            f"argument '{name}' takes {joined(wanted)}, not '{text[:60]}'",
            hint="values that are no text are written as JSON",
        )
    return value


def show(called: Called, out: Console, notes: Console) -> None:
    """The result on standard output, so that it can be piped; everything else on standard error."""
    if called.stdout:
        notes.print(f"[dim]{safe(called.stdout.rstrip())}[/]")
    if called.error:
        notes.print(f"[bold red]{safe(called.error)}[/]")
    else:
        value = called.value
        out.print(safe(value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)))
    notes.print(f"[dim]declared[/]  {safe(joined(called.declared))}")
    notes.print(f"[dim]granted[/]   {safe(joined(called.granted))}")
    notes.print(f"[dim]used[/]      {safe(gathered(called.used, called.granted))}")
    if called.unknown:
        notes.print(f"[bold red]unknown[/]   {safe(joined(called.unknown))}: neither held nor seen")
    if called.beyond:
        notes.print(f"[bold red]beyond[/]    {safe(joined(called.beyond))}")
    for path in called.written:
        notes.print(f"[dim]wrote[/]     {safe(path)}")


def report_of(called: Called) -> dict[str, Any]:
    return {
        "tool": called.tool,
        "result": called.value,
        "error": called.error or None,
        "effects": {
            "declared": [str(e) for e in called.declared],
            "granted": [str(e) for e in called.granted],
            "used": [str(e) for e in called.used],
            "beyond": [str(e) for e in called.beyond],
        },
        "written": list(called.written),
        "stdout": called.stdout,
        "milliseconds": round(called.seconds * 1000, 1),
        "isolation": {"tier": called.tier, "backend": called.backend, "layers": dict(called.layers)},
        "unknown": list(called.unknown),
    }
