"""`toolreg agent run TASK`: an agent on confined tools, within a budget, on record."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.errors import GOOD, INTERRUPTED, NOT_JUDGED, REFUSED, NotAllowed, UsageError

if TYPE_CHECKING:
    from toolreg.agent.policy import AgentPolicy
    from toolreg.agent.run import Outcome

EXIT_CODES = {"success": GOOD, "interrupted": INTERRUPTED, "error": NOT_JUDGED}


Tools = Annotated[
    list[str] | None,
    typer.Option(
        "--tools",
        help="PATH[:NAME], a locked tool's name, or NAMESPACE/NAME; besides the policy's. "
        "All of toolreg.lock without.",
        show_default=False,
    ),
]
Model = Annotated[
    str, typer.Option("--model", help="PROVIDER:MODEL[@URL]; TOOLREG_MODEL without.", show_default=False)
]
Kind = Annotated[
    Literal["code", "tool-calling"] | None,
    typer.Option("--kind", help="Beats the policy.", show_default=False),
]
Sandbox = Annotated[
    Literal["local", "docker", "e2b", "modal", "blaxel"] | None,
    typer.Option("--sandbox", help="Beats the policy.", show_default=False),
]
Imports = Annotated[
    list[str] | None,
    typer.Option("--allow-import", help="One more module for this task.", show_default=False),
]
Files = Annotated[
    list[Path] | None, typer.Option("--file", help="A file for the agent's folder.", show_default=False)
]
Steps = Annotated[int | None, typer.Option("--max-steps", help="Beats the policy.", show_default=False)]
Deadline = Annotated[
    float | None, typer.Option("--deadline", help="Seconds for the task.", show_default=False)
]
StepTimeout = Annotated[
    float | None, typer.Option("--step-timeout", help="Seconds for a step.", show_default=False)
]
Tokens = Annotated[int | None, typer.Option("--tokens", help="In and out together.", show_default=False)]
Trifecta = Annotated[
    bool, typer.Option("--allow-trifecta", help="Private data, strangers' content and a way out together.")
]


def run(
    task: Annotated[str, typer.Argument(help="What the agent is to do.")],
    tools: Tools = None,
    folder: Annotated[Path, typer.Option("--folder", help="The agent's project.")] = Path(),
    model: Model = "",
    kind: Kind = None,
    sandbox: Sandbox = None,
    imports: Imports = None,
    files: Files = None,
    max_steps: Steps = None,
    deadline: Deadline = None,
    step_timeout: StepTimeout = None,
    tokens: Tokens = None,
    allow_trifecta: Trifecta = False,
    runs: Annotated[Path, typer.Option("--runs", help="Where to keep the record.")] = Path("runs"),
    format: Annotated[Format, typer.Option("--format", help="How to print the outcome.")] = "text",
) -> int:
    """Run an agent on a task; its answer on standard output, everything else on standard error.

    It ends in a named state: success, max_steps, deadline, token_budget, interrupted or error.
    Exit code 0 for success, 1 for a spent budget, 3 for an error, 130 when interrupted.
    """
    from toolreg.agent.policy import AgentPolicy

    policy = AgentPolicy.of_project(folder).changed(
        kind=kind, sandbox=sandbox, max_steps=max_steps, deadline=deadline, step_timeout=step_timeout,
        tokens=tokens, allow_trifecta=allow_trifecta or None,
    ).with_more(imports=imports or (), tools=[_from_here(name) for name in tools or ()])  # fmt: skip
    with _terminable():
        outcome = _run(task, policy, model, folder, files or [], runs, quiet=format == "json")
    _print(outcome, format)
    return EXIT_CODES.get(str(outcome.ending), REFUSED)


def _from_here(tool: str) -> str:
    """A path as it is meant on this command line; the policy's own start at the project."""
    return str(Path(tool).absolute()) if Path(tool.partition(":")[0]).exists() else tool


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does, with its end on record; after the block it means what it meant before."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(
    task: str, policy: AgentPolicy, model: str, folder: Path, files: list[Path], runs: Path, *, quiet: bool
) -> Outcome:
    from toolreg.agent.assembly import build
    from toolreg.agent.calls import asking_gate
    from toolreg.agent.models import model_from
    from toolreg.agent.run import run_agent
    from toolreg.agent.secrets import Redactor, secret_values
    from toolreg.agent.trace import TraceWriter, new_run

    chosen = model_from(os.environ, model)
    record = new_run(runs)
    workspace = record / "workspace"
    workspace.mkdir()
    try:
        agent = build(policy, chosen, folder=folder, env=os.environ, workspace=workspace)
    except BaseException:
        shutil.rmtree(record)  # nothing has run: there is nothing to keep
        raise
    try:
        return run_agent(
            agent,
            task,
            budget=policy.budget,
            trace=TraceWriter(record, Redactor(secret_values(os.environ, policy.env))),
            gate=asking_gate(frozenset(policy.destructive), _ask if sys.stdin.isatty() else None),
            allow_trifecta=policy.allow_trifecta,
            folders=policy.folders,
            additional_args=_named(files),
            on_event=None if quiet else show_event,
        )
    except NotAllowed:
        shutil.rmtree(record)
        raise
    finally:
        if hasattr(agent, "cleanup"):
            agent.cleanup()


def _named(files: list[Path]) -> dict[str, Any] | None:
    missing = next((f for f in files if not f.is_file()), None)
    if missing is not None:
        raise UsageError(f"{missing} is no file")
    return {"".join(c if c.isalnum() else "_" for c in f.stem): f for f in files} or None


def show_event(kind: str, event: Mapping[str, Any]) -> None:
    """One event as it happens."""
    out = console(stderr=True)
    who = f"{event['agent']} " if event.get("agent") else ""
    match kind:
        case "model" if event.get("output"):
            out.print(f"[bold cyan]── {who}step {event.get('step')}[/]\n{safe(str(event['output']))}")
        case "call":
            given = ", ".join(f"{k}={v!r:.80}" for k, v in dict(event.get("arguments") or {}).items())
            refused = (
                f"  [red]{safe(str(event.get('reason')))}[/]" if event.get("decision") == "refused" else ""
            )
            out.print(f"[yellow]→ {safe(str(event['tool']))}({safe(given)})[/]{refused}")
        case "result" if event.get("error"):
            out.print(f"[red]  {safe(str(event['error']))}[/]")
        case "output" | "killed":
            for name, style in (("logs", "dim"), ("value", "dim"), ("error", "red")):
                text = event.get(name)
                if text and text != "None":
                    out.print(f"[{style}]{safe(str(text).rstrip()[:4000])}[/]")


def _print(outcome: Outcome, format: Format) -> None:
    if format == "json":
        print_json(
            {"state": str(outcome.ending), "answer": outcome.answer if _plain(outcome.answer) else str(outcome.answer),
             "error": outcome.error or None, "steps": outcome.steps, "seconds": outcome.seconds,
             "tokens": {"input": outcome.input_tokens, "output": outcome.output_tokens},
             "trace": str(outcome.trace), "files": _written(outcome)}
        )  # fmt: skip
        return
    notes = console(stderr=True)
    used = f"{outcome.steps} steps, {outcome.seconds:.1f} s, {outcome.input_tokens + outcome.output_tokens} tokens"
    notes.print(
        f"[bold]{outcome.ending}[/] after {used}" + (f": {safe(outcome.error)}" if outcome.error else "")
    )
    notes.print(f"[dim]trace {safe(str(outcome.trace))}[/]")
    for name in _written(outcome):
        notes.print(f"[dim]file  {safe(name)}[/]")
    if outcome.answer is not None:
        console().print(safe(str(outcome.answer)))


def _written(outcome: Outcome) -> list[str]:
    folder = (outcome.trace or Path()) / "workspace"
    return sorted(str(p) for p in folder.rglob("*") if p.is_file())


def _plain(value: Any) -> bool:
    import json

    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _ask(question: str) -> bool:
    return typer.confirm(f"allow {question}?", default=False, err=True)
