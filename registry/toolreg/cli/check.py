"""`toolreg check`: everything about every tool, and a verdict on each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.boundary import Backend, Unsafe, chosen
from toolreg.cli.output import STYLES, Format, console, gathered, joined, print_error, print_json, safe
from toolreg.errors import GOOD, NOT_JUDGED, REFUSED, worst

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.pipeline import Checked, Judged, Recorded
    from toolreg.sandbox import Isolation

Paths = Annotated[
    list[str] | None,
    typer.Argument(help="Files and folders; the current folder if none.", show_default=False),
]
Tier = Annotated[
    str, typer.Option("--tier", help="Force a tier of the sandbox: A, B or C.", show_default=False)
]


def check(
    paths: Paths = None,
    format: Annotated[Format, typer.Option("--format", help="How to print the report.")] = "text",
    tier: Tier = "",
    record: Annotated[
        bool,
        typer.Option("--record", help="First ask the real hosts, and keep their answers beside the tool."),
    ] = False,
    backend: Backend = "",
    unsafe_no_sandbox: Unsafe = False,
) -> int:
    """Lint, bundle and try every tool in the sandbox; give a verdict on each.

    APPROVED: what the code can do and was seen to do stays within what it declares.
    BLOCKED: it does not, or a rule refuses it. INCOMPLETE: something could not be judged.
    """
    from toolreg.config import project_config
    from toolreg.pipeline import check_paths, record_paths

    where = chosen(backend, unsafe_no_sandbox, tier=tier)
    if record:
        show_recorded(record_paths(paths or ["."], os.environ), console(stderr=True))
    checked = check_paths(paths or ["."], config=project_config(), tier=tier, backend=where)
    if format == "json":
        print_json(report_of(checked))
    else:
        show(checked, console())
    for error in checked.errors:
        print_error(error)
    return exit_code(checked)


def show_recorded(recorded: list[Recorded], out: Console) -> None:
    for each in recorded:
        out.print(f"[cyan]recorded[/] {safe(each.tool)}: {each.answers} answers in {safe(each.path)}")
        for problem in each.problems:
            out.print(f"  [yellow]![/] {safe(problem)}")


def exit_code(checked: Checked) -> int:
    """0 if all are approved, 1 if one is refused, 3 if one could not be judged."""
    codes = {"APPROVED": GOOD, "BLOCKED": REFUSED, "INCOMPLETE": NOT_JUDGED}
    return worst([*(codes[j.verdict.status] for j in checked.judged), *(e.exit_code for e in checked.errors)])


def show(checked: Checked, out: Console) -> None:
    """Every tool's verdict with its reasons, then one line that counts them."""
    for judged in checked.judged:
        show_tool(judged, out)
    counts = [f"{n} {name}" for name, n in checked.counts.items() if n]
    out.print(
        f"{len(checked.judged)} tools: {joined(counts)}"
        if len(checked.judged) != 1
        else f"1 tool: {joined(counts)}"
    )


def show_tool(judged: Judged, out: Console) -> None:
    report, verdict = judged.report, judged.verdict
    place = f"{report.tool.path}:{report.tool.line}"
    out.print(
        f"[{STYLES[verdict.status]}]{verdict.status:<10}[/] [bold]{safe(report.tool.name)}[/]  [dim]{safe(place)}[/]"
    )
    rows = [
        ("declared", joined(report.declared) if report.declared is not None else "nothing said"),
        ("inferred", joined(report.inference.effects)),
        ("observed", observed_line(judged)),
    ]
    for name, text in rows:
        out.print(f"  [dim]{name}[/]  {safe(text)}")
    for reason in verdict.reasons:
        out.print(
            f"  [red]✗[/] {safe(str(reason))}" + (f" [dim]({safe(reason.hint)})[/]" if reason.hint else "")
        )


def observed_line(judged: Judged) -> str:
    trial = judged.report.trial
    if trial is None or not trial.results:
        return "not tried"
    tier = f", {_where(trial.isolation)}" if trial.isolation else ""
    cases = f"{len(trial.results)} case" + ("" if len(trial.results) == 1 else "s")
    granted = [e for result in trial.results for e in result.granted]
    return f"{gathered(trial.effects, granted)}  ({cases}{tier})"


def _where(isolation: Isolation) -> str:
    if isolation.tier == "none":
        return "NO SANDBOX"
    return f"sandbox tier {isolation.tier}" + (
        "" if isolation.backend == "linux" else f", {isolation.backend}"
    )


def report_of(checked: Checked) -> dict[str, Any]:
    """The report as JSON, as DESIGN's findings and effects have it."""
    return {
        "tools": [tool_report(judged) for judged in checked.judged],
        "errors": [
            {"path": e.path, "line": e.line, "message": e.message, "hint": e.hint} for e in checked.errors
        ],
        "summary": {"tools": len(checked.judged), **checked.counts},
    }


def tool_report(judged: Judged) -> dict[str, Any]:
    report, verdict, trial = judged.report, judged.verdict, judged.report.trial
    return {
        "tool": report.tool.name,
        "path": report.tool.path,
        "line": report.tool.line,
        "verdict": str(verdict.status),
        "reasons": [
            {"path": r.path, "line": r.line, "text": r.text, "hint": r.hint} for r in verdict.reasons
        ],
        "effects": effects_report(judged),
        "findings": [f.to_json() for f in report.findings],
        "rules": report.rules,
        "cases": [
            {"title": r.title, "line": r.line, "failures": list(r.failures), "problems": list(r.problems)}
            for r in (trial.results if trial else ())
        ],
        "isolation": {"tier": i.tier, "backend": i.backend, "layers": dict(i.layers)}
        if trial and (i := trial.isolation)
        else None,
    }


def effects_report(judged: Judged) -> dict[str, Any]:
    report, trial = judged.report, judged.report.trial
    observations = [
        o for r in (trial.results if trial else ()) if r.observation for o in r.observation.effects
    ]
    return {
        "declared": None if report.declared is None else [str(e) for e in report.declared],
        "inferred": [
            {"effect": str(e.effect), "path": e.path, "line": e.line, "via": list(e.via)}
            for e in report.inference.evidence
        ],
        "observed": [
            {"effect": str(o.effect), "verdict": o.verdict, "source": o.source, "count": o.count}
            for o in observations
        ],
        "unresolved": [{"path": u.path, "line": u.line, "reason": u.reason} for u in report.open],
        "hints": {name: getattr(report.hints, name) for name in report.hints.__slots__},
    }
