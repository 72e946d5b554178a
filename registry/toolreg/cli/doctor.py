"""`toolreg doctor`: is this agent as safe as it should be? Proved with live attempts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.errors import GOOD, REFUSED

if TYPE_CHECKING:
    from toolreg.agent.doctor import Finding

MARKS = {
    "pass": "[green]ok  [/]",
    "fail": "[bold red]FAIL[/]",
    "warn": "[yellow]warn[/]",
    "skip": "[dim]skip[/]",
}


def doctor(
    folder: Annotated[Path, typer.Argument(help="The agent's project.")] = Path(),
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as failures.")] = False,
    format: Annotated[Format, typer.Option("--format", help="How to print the findings.")] = "text",
) -> int:
    """Try to get out of the agent's sandbox in every known way, and check policy, tools, secrets and packages.

    Exit code 0 if everything holds, 1 if something does not.
    """
    from toolreg.agent.doctor import examine

    findings = examine(folder, None if format == "json" else show)
    bad = [f for f in findings if f.status == "fail" or (strict and f.status == "warn")]
    if format == "json":
        rows = [
            {"item": f.item, "check": f.check, "status": f.status, "detail": f.detail, "hint": f.hint}
            for f in findings
        ]
        print_json({"ok": not bad, "findings": rows})
    else:
        passed = sum(f.status == "pass" for f in findings)
        console().print(f"{len(findings)} checks, {passed} passed, {len(bad)} to mend")
    return REFUSED if bad else GOOD


def show(finding: Finding) -> None:
    """One finding as a line, cut to the terminal if there is one; what to do about it beneath."""
    out = console()
    start = f"{finding.item:11} {finding.check:34}"
    room = max(0, out.width - len(start) - 7) if out.is_terminal else len(finding.detail)
    shown = finding.detail if finding.status in ("fail", "warn") else finding.detail[:room]
    out.print(f"{MARKS[finding.status]} {safe(start)} [dim]{safe(shown)}[/]")
    if finding.hint and finding.status in ("fail", "warn"):
        out.print(f"     [cyan]hint:[/] {safe(finding.hint)}")
