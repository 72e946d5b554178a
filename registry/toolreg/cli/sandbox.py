"""`toolreg sandbox check` and `probe`: what a sandbox really holds, shown by attacks, and what it says it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.boundary import Backend, chosen
from toolreg.cli.check import Tier
from toolreg.cli.output import Format, console, is_terminal, print_json, safe
from toolreg.errors import GOOD, REFUSED

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.sandbox import Probe
    from toolreg.sandbox.conformance import AttackResult
    from toolreg.sandbox.survey import Surveyed


def check(
    names: Annotated[
        list[str] | None, typer.Argument(help="Attacks to run; all if none.", show_default=False)
    ] = None,
    tier: Tier = "",
    format: Annotated[Format, typer.Option("--format", help="How to print the report.")] = "text",
    backend: Backend = "",
) -> int:
    """Attack a sandbox of this machine in every known way, and say what it held.

    Every attack is bounded and stays inside; whether it got out is judged from outside. Exits 1 where one did
    that this tier should hold.
    """
    from toolreg.pipeline import parse_tier
    from toolreg.sandbox import Sandbox
    from toolreg.sandbox.conformance import check_sandbox

    where, wanted = chosen(backend, False, tier=tier), parse_tier(tier)
    with Sandbox(tier=wanted, backend=where) as sandbox:
        found = sandbox.probe()
    if format == "text":
        show_layers(found, console())
    results = check_sandbox(wanted, backend=where, only=names or (), told=_progress(format))
    if format == "json":
        print_json(
            {
                "backend": where,
                "layers": {n: asdict(c) for n, c in found.capabilities.items()},
                "attacks": [as_json(r) for r in results],
            }
        )
    else:
        show_results(results, console())
    return REFUSED if any(not r.held and not r.known for r in results) or not results else GOOD


def probe(
    backend: Backend = "",
    format: Annotated[Format, typer.Option("--format", help="How to print the table.")] = "text",
) -> int:
    """Say of every backend what it holds here and by what means, or why it is not to be had.

    Exits 1 where none is.
    """
    from toolreg.sandbox.backends.choice import NAMES
    from toolreg.sandbox.survey import survey

    rows = survey((chosen(backend, False),) if backend else NAMES)
    if format == "json":
        print_json({"backends": [survey_json(row) for row in rows]})
    else:
        for row in rows:
            show_backend(row, console())
    return GOOD if any(row.found and row.found.tier for row in rows) else REFUSED


def show_backend(row: Surveyed, out: Console) -> None:
    if row.found is not None and row.found.tier:
        out.print(f"[bold]{row.name}[/]", end=": ")
        show_layers(row.found, out)
        return
    out.print(f"[bold]{row.name}[/]: [red]not here[/]  [dim]{safe(row.reason)}[/]")
    if row.hint:
        out.print(f"  [cyan]hint:[/] {safe(row.hint)}")


def survey_json(row: Surveyed) -> dict[str, Any]:
    return {
        "name": row.name,
        "available": bool(row.found and row.found.tier),
        "tier": row.found.tier if row.found else None,
        "capabilities": {n: asdict(c) for n, c in row.found.capabilities.items()} if row.found else {},
        "reason": row.reason,
        "hint": row.hint,
    }


def _progress(format: Format) -> Callable[[AttackResult], None] | None:
    if format == "json" or not is_terminal():
        return None
    out = console(stderr=True)
    return lambda result: out.print(
        f"[dim]{result.attack.group}: {result.attack.name}[/]".ljust(70), end="\r"
    )


def show_layers(found: Probe, out: Console) -> None:
    out.print(f"[bold]tier {found.tier or 'none'}[/]")
    for name, capability in found.capabilities.items():
        style = {"enforced": "green", "absent": "red"}.get(capability.level, "yellow")
        why = f"  [dim]{safe(capability.reason)}[/]" if capability.reason else ""
        out.print(f"  {name:<12} [{style}]{capability.level:<11}[/] {safe(capability.mechanism)}{why}")


def show_results(results: Sequence[AttackResult], out: Console) -> None:
    groups = Counter(r.attack.group for r in results)
    for group, count in groups.items():
        held = sum(r.held for r in results if r.attack.group == group)
        style = "green" if held == count else "yellow"
        out.print(f"  [{style}]{held:>3}/{count:<3}[/] {group}")
    for result in results:
        if not result.held:
            mark = "[yellow]not held here[/]" if result.known else "[bold red]GOT OUT[/]"
            out.print(f"{mark} {result.attack.name}: {safe(result.reason)}")
    unfit = sum(not r.ran for r in results)
    note = f" {unfit} of them never began: what they start from cannot be granted here." if unfit else ""
    out.print(f"{sum(r.held for r in results)} of {len(results)} attacks were held.{note}")


def as_json(result: AttackResult) -> dict[str, Any]:
    return {
        "name": result.attack.name,
        "group": result.attack.group,
        "what": result.attack.what,
        "held": result.held,
        "seen": result.seen,
        "reason": result.reason,
        "known": result.known,
        "ran": result.ran,
    }
