"""`toolreg trace`: what an agent did, read from its record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.errors import GOOD, REFUSED

Runs = Annotated[Path, typer.Option("--runs", help="Folder of runs.")]
Run = Annotated[str, typer.Argument(help="A run: its name, the beginning of it, its folder, or `last`.")]
Out = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output without.")]
STYLES = {
    "title": "bold",
    "dim": "dim",
    "step": "bold cyan",
    "said": "",
    "code": "green",
    "call": "yellow",
    "out": "",
    "error": "red",
    "answer": "bold green",
}


def list_runs(
    runs: Runs = Path("runs"),
    format: Annotated[Format, typer.Option("--format", help="How to print the list.")] = "text",
) -> int:
    """List the runs, oldest first: how each ended, and its task."""
    from toolreg.agent.trace import list_runs as folders
    from toolreg.agent.trace import read_trace

    traces = [read_trace(folder) for folder in folders(runs)]
    if format == "json":
        rows = [
            {"id": t.id, "state": t.state, "task": t.text(t.start.get("task")), "events": len(t.events),
             "started": t.start.get("time"), "problem": t.problem or None}
            for t in traces
        ]  # fmt: skip
        print_json(rows)
        return GOOD
    if not traces:
        console(stderr=True).print(f"no run in {safe(str(runs))}")
    for trace in traces:
        when = datetime.fromtimestamp(float(trace.start.get("time") or 0), UTC).strftime("%Y-%m-%d %H:%M")
        broken = "  [red]not whole[/]" if trace.problem else ""
        task = trace.text(trace.start.get("task")).splitlines()[:1]
        console().print(f"{trace.id}  {when}  {trace.state:12}{broken} {safe(task[0][:80] if task else '')}")
    return GOOD


def show(
    run: Run = "last",
    step: Annotated[int | None, typer.Option("--step", help="Only this step.", show_default=False)] = None,
    runs: Runs = Path("runs"),
) -> int:
    """Tell a run step by step: thought, code, calls, output. Exit code 1 if the record is not whole."""
    from toolreg.agent.trace import find_run, read_trace
    from toolreg.agent.trace.story import tell

    trace = read_trace(find_run(runs, run))
    out = console()
    for style, line in tell(trace, step):
        out.print(f"[{STYLES[style]}]{safe(line)}[/]" if STYLES[style] else safe(line))
    return REFUSED if trace.problem else GOOD


def html(run: Run = "last", output: Out = None, runs: Runs = Path("runs")) -> int:
    """Write a run as one HTML file."""
    from toolreg.agent.trace import find_run, read_trace
    from toolreg.agent.trace.html import to_html

    trace = read_trace(find_run(runs, run))
    return _write(to_html(trace), output or Path(f"{trace.id}.html"))


def export(
    run: Run = "last",
    format: Annotated[
        Literal["sts", "otel", "json"],
        typer.Option(
            "--format", help="sts: the Hub's session traces; otel: OTLP/JSON with OpenInference; json."
        ),
    ] = "sts",
    output: Out = None,
    runs: Runs = Path("runs"),
) -> int:
    """Give a run in a format that others read."""
    from toolreg.agent.trace import find_run, read_trace
    from toolreg.agent.trace.export import export as convert

    return _write(convert(read_trace(find_run(runs, run)), format), output)


def replay(
    run: Run = "last",
    folder: Annotated[Path, typer.Option("--folder", help="The agent's project.")] = Path(),
    runs: Runs = Path("runs"),
) -> int:
    """Run a recorded run's model answers again on today's tools. Exit code 1 if anything comes out otherwise."""
    from toolreg.agent.replay import replay as again
    from toolreg.agent.trace import find_run, read_trace

    differences = again(read_trace(find_run(runs, run)), folder)
    for line in differences:
        console().print(safe(line))
    console().print("the same" if not differences else f"{len(differences)} differences")
    return REFUSED if differences else GOOD


def _write(text: str, path: Path | None) -> int:
    if path is None:
        typer.echo(text, nl=False)
    else:
        path.write_text(text, "utf-8")
        console().print(f"wrote {safe(str(path))}")
    return GOOD
