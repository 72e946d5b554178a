"""How runs end, what they leave and what they write down, tried with a scripted model."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from toolreg.agent.budget import Budget, Ending
from toolreg.agent.doctor.finding import Finding, held
from toolreg.agent.run import run_agent
from toolreg.agent.scripted import ScriptedModel, code
from toolreg.agent.secrets import Redactor
from toolreg.agent.trace import TraceWriter, new_run, read_trace

Builder = Callable[[Any], Any]
_DEADLINE = 1.0


def behaviour(build: Builder, secret: str) -> Iterator[Finding]:
    """Deadline, steps, the record, and what is left behind."""
    with tempfile.TemporaryDirectory(prefix="toolreg-doctor-") as folder:
        runs = Path(folder)
        yield _deadline(build)
        yield _steps(build)
        yield from _record(build, runs, secret)
        yield from _nothing_left(build)


def _endless(build: Builder) -> str:
    agent = build(ScriptedModel(["x"]))
    runs_code = getattr(agent, "python_executor", None) is not None
    agent_cleanup(agent)
    return code("x = 1") if runs_code else "no call"


def _deadline(build: Builder) -> Finding:
    reply = _endless(build)

    def slow(_: Any) -> str:
        time.sleep(0.05)
        return reply

    agent = build(ScriptedModel([slow]))
    _opened(agent)
    begin = time.monotonic()
    outcome = run_agent(
        agent, "never end", budget=Budget(max_steps=10**6, deadline=_DEADLINE), allow_trifecta=True
    )
    seconds = time.monotonic() - begin
    agent_cleanup(agent)
    good = outcome.ending is Ending.DEADLINE and seconds < _DEADLINE + 3
    return held("budgets", "a task that never ends", good, f"{outcome.ending} after {seconds:.1f} s")


def _opened(agent: Any) -> None:
    """A container or a machine far away takes its time to come up; that is not the run's."""
    executor = getattr(agent, "python_executor", None)
    if executor is not None:
        executor("1")


def _steps(build: Builder) -> Finding:
    agent = build(ScriptedModel([_endless(build)]))
    outcome = run_agent(agent, "never end", budget=Budget(max_steps=3), allow_trifecta=True)
    agent_cleanup(agent)
    good = outcome.ending is Ending.MAX_STEPS and outcome.steps <= 4
    return held("budgets", "more steps than allowed", good, f"{outcome.ending} after {outcome.steps} steps")


def _record(build: Builder, runs: Path, secret: str) -> Iterator[Finding]:
    reply = code("print.__self__.__dict__['__import__']('os')._exit(1)  # unforgettable")
    agent = build(ScriptedModel([reply, code(f"final_answer({secret!r})")]))
    if getattr(agent, "python_executor", None) is None:
        yield Finding("record", "code is on record before it runs", "skip", "this agent runs no code")
        return
    folder = new_run(runs)
    trace = TraceWriter(folder, Redactor({"DOCTOR": secret}))
    run_agent(agent, "die", budget=Budget(max_steps=2), trace=trace, allow_trifecta=True)
    agent_cleanup(agent)
    read = read_trace(folder)
    kinds = [e["type"] for e in read.events]
    before = "killed" in kinds and kinds.index("code") < kinds.index("killed")
    noted = any("unforgettable" in str(e.get("code")) for e in read.of("code"))
    yield held("record", "code is on record before it runs", before and noted, f"{len(kinds)} events")
    yield held("record", "the chain of events is whole", not read.problem, read.problem or "every link holds")
    clean = secret not in (folder / "events.jsonl").read_text("utf-8")
    yield held("secrets", "secrets stay out of traces", clean, "redacted" if clean else "the trace holds it")


def _nothing_left(build: Builder) -> Iterator[Finding]:
    agents = [build(ScriptedModel(["x"])) for _ in range(2)]
    paths = [getattr(getattr(a, "workspace", None), "path", None) for a in agents]
    pids = []
    for agent in agents:
        executor = getattr(agent, "python_executor", None)
        if executor is not None:
            executor("1")
            pids.append(getattr(executor, "pid", None))
        agent_cleanup(agent)
    fresh = None not in paths and paths[0] != paths[1]
    gone = not any(p is not None and p.exists() for p in paths)
    yield held(
        "workspace", "new for each agent, gone after", fresh and gone, "temporary" if fresh else "shared"
    )
    alive = [pid for pid in pids if pid and _alive(pid)]
    yield held("cleanup", "no process is left", not alive, f"{len(alive)} left" if alive else "none left")


def agent_cleanup(agent: Any) -> None:
    """End an agent's sandbox and its temporary workspace, whatever kind it is."""
    if hasattr(agent, "cleanup"):
        agent.cleanup()
    workspace = getattr(agent, "workspace", None)
    if workspace is not None:
        workspace.remove()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
