"""A recorded run once more: the model's old answers, today's tools. What comes out otherwise is told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolreg.agent.budget import Budget
from toolreg.agent.doctor.examine import builder_of
from toolreg.agent.policy import AgentPolicy
from toolreg.agent.run import run_agent
from toolreg.agent.scripted import ScriptedModel
from toolreg.agent.trace import Trace, TraceWriter, read_trace
from toolreg.agent.trace.story import StepStory, steps_of
from toolreg.errors import UsageError


def replay(trace: Trace, folder: Path) -> list[str]:
    """One line for each difference; none if today's tools give what was recorded. Raises UsageError."""
    answers = list(recorded_answers(trace))
    if not answers:
        raise UsageError(f"{trace.id} holds no answer of a model", hint="replay a run that got further")
    policy = AgentPolicy.of_project(folder)
    agent = builder_of(folder, policy)(ScriptedModel(answers))
    budget = replace(policy.budget, max_steps=len(answers), tokens=None)
    try:
        with tempfile.TemporaryDirectory(prefix="toolreg-replay-") as place:
            now = _again(agent, trace, budget, Path(place))
            return list(differences(trace, now))
    finally:
        if hasattr(agent, "cleanup"):
            agent.cleanup()


def recorded_answers(trace: Trace) -> Iterator[Any]:
    """What the main agent's model said, in order, as a script."""
    for event in trace.of("model"):
        if event.get("agent") or event.get("error"):
            continue
        calls = [{"tool": c["name"], "arguments": c["arguments"]} for c in event.get("tool_calls") or ()]
        text = trace.text(event.get("output"))
        yield {"content": text, "calls": calls} if calls else text


def differences(before: Trace, now: Trace) -> Iterator[str]:
    """How two runs differ, step by step, call by call, and in their end."""
    old, new = _by_number(before), _by_number(now)
    for number in sorted(old):
        if number in new:
            yield from _step(old[number], new[number])
        else:
            yield f"step {number} is not reached any more"
    if before.state != now.state:
        yield f"the run ends in {now.state} (recorded: {before.state})"


def _again(agent: Any, trace: Trace, budget: Budget, folder: Path) -> Trace:
    task = trace.text(trace.start.get("task"))
    run_agent(agent, task, budget=budget, trace=TraceWriter(folder, sync=False), allow_trifecta=True)
    return read_trace(folder)


def _by_number(trace: Trace) -> dict[int, StepStory]:
    return {step.number: step for step in steps_of(trace) if not step.agent}


def _step(old: StepStory, new: StepStory) -> Iterator[str]:
    for number, call in enumerate(old.calls):
        then = call.error or call.output
        again = new.calls[number] if number < len(new.calls) else None
        today = "was not called" if again is None else again.error or again.output
        if then != today:
            yield f"step {old.number}: {call.tool} gives {today:.200} (recorded: {then:.200})"
    if old.logs != new.logs:
        yield f"step {old.number} prints {new.logs.strip():.200} (recorded: {old.logs.strip():.200})"
