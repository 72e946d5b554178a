"""A run as a person tells it: steps, each with what was thought, run, called and seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from toolreg.agent.trace.chain import Event
from toolreg.agent.trace.reader import Trace


@dataclass(slots=True)
class CallStory:
    """One tool call: what was asked, what was decided, what came back."""

    tool: str
    arguments: Any
    decision: str = "allowed"
    reason: str = ""
    output: str = ""
    error: str = ""
    seconds: float = 0.0
    effects: list[str] = field(default_factory=list)
    where: str = ""
    version: str = ""
    digest: str = ""


@dataclass(slots=True)
class StepStory:
    """One step of one agent: the model's words, its code, the calls, the output."""

    number: int
    agent: str = ""
    model: str = ""
    said: str = ""
    code: str = ""
    calls: list[CallStory] = field(default_factory=list)
    logs: str = ""
    value: str = ""
    error: str = ""
    killed: str = ""
    final: bool = False
    tokens: tuple[int, int] = (0, 0)
    seconds: float = 0.0
    time: float = 0.0


def steps_of(trace: Trace) -> list[StepStory]:
    """The steps in the order in which they began; a step that was cut off holds what was written of it."""
    steps: dict[tuple[str, int], StepStory] = {}
    calls: dict[int, CallStory] = {}
    for event in trace.events:
        if event["type"] in ("start", "end", "note", "files"):
            continue
        key = (str(event.get("agent", "")), int(event.get("step") or 0))
        step = steps.setdefault(key, StepStory(key[1], key[0], time=float(event.get("time") or 0)))
        _take(trace, step, event, calls)
    return list(steps.values())


def _take(trace: Trace, step: StepStory, event: Event, calls: dict[int, CallStory]) -> None:
    match event["type"]:
        case "model":
            step.model = str(event.get("model", ""))
            step.said = trace.text(event.get("output")) or _asked(event)
            step.tokens = (int(event.get("input_tokens") or 0), int(event.get("output_tokens") or 0))
            step.seconds += float(event.get("seconds") or 0)
            step.error = trace.text(event.get("error")) or step.error
        case "code":
            step.code = trace.text(event.get("code"))
        case "call":
            call = _call(trace, event)
            calls[int(event.get("id") or 0)] = call
            step.calls.append(call)
        case "result" if int(event.get("id") or 0) in calls:
            call = calls[int(event["id"] or 0)]
            call.output, call.error = trace.text(event.get("output")), trace.text(event.get("error"))
            call.seconds = float(event.get("seconds") or 0)
            call.effects = [str(e) for e in event.get("effects") or ()]
        case "output" | "killed":
            step.logs = trace.text(event.get("logs")) or step.logs
            step.value = trace.text(event.get("value"))
            step.error = trace.text(event.get("error")) or step.error
            step.killed = str(event.get("reason", "")) if event["type"] == "killed" else step.killed
            step.final = bool(event.get("final"))
            step.seconds += float(event.get("seconds") or 0)
        case "step":
            step.error = trace.text(event.get("error")) or step.error


def _call(trace: Trace, event: Event) -> CallStory:
    arguments = event.get("arguments")
    return CallStory(
        tool=str(event.get("tool", "")),
        arguments={
            k: trace.text(v) if isinstance(v, dict) and "blob" in v else v for k, v in arguments.items()
        }
        if isinstance(arguments, dict)
        else arguments,
        decision=str(event.get("decision", "allowed")),
        reason=str(event.get("reason", "")),
        where=str(event.get("where", "")),
        version=str(event.get("version", "")),
        digest=str(event.get("digest", "")),
    )


def _asked(event: Event) -> str:
    asked = [f"{c.get('name')}({c.get('arguments')})" for c in event.get("tool_calls") or ()]
    return "\n".join(asked)


def tell(trace: Trace, only: int | None = None) -> Iterator[tuple[str, str]]:
    """(style, line) of a run for a terminal; `only` picks one step."""
    start = trace.start
    yield "title", f"{trace.id}  {trace.state}"
    yield "dim", f"task: {trace.text(start.get('task'))}"
    yield "dim", f"model: {start.get('model', '?')}  sandbox: {start.get('sandbox', '?')}"
    for step in steps_of(trace):
        if only is None or step.number == only:
            yield from _tell_step(step)
    for event in trace.of("files"):
        for file in event.get("files") or ():
            yield (
                "dim",
                f"file {file.get('path')}  {file.get('size')} bytes  sha256:{str(file.get('sha256'))[:16]}…",
            )
    for end in trace.of("end"):
        yield from _tell_end(trace, end)
    if trace.problem:
        yield "error", f"the trace is not whole: {trace.problem}"


def _tell_step(step: StepStory) -> Iterator[tuple[str, str]]:
    name = f"{step.agent}: " if step.agent else ""
    tokens = f", {step.tokens[0]} + {step.tokens[1]} tokens" if any(step.tokens) else ""
    yield "step", f"── {name}step {step.number} ({step.seconds:.2f} s{tokens})"
    yield from _block("said", thought(step))
    yield from _block("code", step.code)
    for call in step.calls:
        yield (
            "call",
            f"  → {call.tool}({arguments_of(call.arguments)})"
            + ("" if call.decision == "allowed" else f"  [{call.decision}: {call.reason}]"),
        )
        used = f"  [{', '.join(call.effects)}]" if call.effects else ""
        if call.error:
            yield "error", f"    {call.error}{used}"
        elif call.output:
            yield "dim", f"    {_short(call.output)}{used}"
    yield from _block("out", step.logs)
    if step.value and step.value != "None":
        yield "out", f"  = {_short(step.value)}"
    yield from _block("error", failure(step))


def _tell_end(trace: Trace, end: Event) -> Iterator[tuple[str, str]]:
    tokens = f"{end.get('input_tokens', 0)} + {end.get('output_tokens', 0)} tokens"
    yield "title", f"── {end.get('state')} after {end.get('seconds', 0)} s, {tokens}"
    if end.get("error"):
        yield "error", trace.text(end["error"])
    if end.get("answer") is not None:
        yield "answer", trace.text(end["answer"])


def failure(step: StepStory) -> str:
    """Why a step failed, once: a kill says it better than the error that came of it."""
    return f"killed: {step.killed}" if step.killed else step.error


def thought(step: StepStory) -> str:
    """What the model said besides the code that is shown anyway."""
    text = step.said
    return (
        text.replace(step.code, "").replace("<code>", "").replace("</code>", "").strip()
        if step.code
        else text
    )


def _block(style: str, text: str) -> Iterator[tuple[str, str]]:
    for line in text.rstrip("\n").split("\n") if text.strip() else ():
        yield style, "  " + line


def arguments_of(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}={_short(repr(v), 120)}" for k, v in value.items())
    return _short(repr(value), 120)


def _short(text: str, length: int = 400) -> str:
    return text if len(text) <= length else f"{text[:length]}… ({len(text)} characters)"
