"""A run in the formats of others: the Hub's session traces, OpenTelemetry, plain JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolreg.agent.trace.reader import Trace
from toolreg.agent.trace.story import CallStory, StepStory, steps_of
from toolreg.errors import UsageError

HARNESS = "toolreg"


def export(trace: Trace, form: str) -> str:
    """The run as `sts`, `otel` or `json` text. Raises UsageError for another format."""
    if form not in _FORMATS:
        raise UsageError(f"unknown format '{form}'", hint=f"one of: {', '.join(_FORMATS)}")
    return _FORMATS[form](trace)


def to_json(trace: Trace) -> str:
    """The events as they stand, with the run's state and what is wrong with the chain."""
    document = {
        "id": trace.id,
        "state": trace.state,
        "problem": trace.problem or None,
        "events": list(trace.events),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_sts(trace: Trace) -> str:
    """JSONL of the Session Trace Simple Format, which the Hub shows: huggingface.co/docs/hub/session-traces-format."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _sts(trace))


def to_otel(trace: Trace) -> str:
    """One OTLP/JSON document; spans carry OpenInference attributes (AGENT, LLM, CHAIN, TOOL)."""
    resource = {"attributes": _attributes({"service.name": HARNESS, "toolreg.run": trace.id})}
    scope = {"scope": {"name": HARNESS}, "spans": list(_spans(trace))}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}) + "\n"


_FORMATS: Mapping[str, Callable[[Trace], str]] = {"sts": to_sts, "otel": to_otel, "json": to_json}
FORMATS = tuple(_FORMATS)


def _sts(trace: Trace) -> Iterator[dict[str, Any]]:
    start = trace.start
    task = trace.text(start.get("task"))
    yield {"type": "session", "harness": HARNESS, "id": trace.id, "name": task[:120]}
    yield _message("user", task, start.get("time"))
    for step in steps_of(trace):
        yield from _sts_step(step)
    for end in trace.of("end"):
        if end.get("answer") is not None:
            yield _message("assistant", trace.text(end["answer"]), end.get("time"))


def _sts_step(step: StepStory) -> Iterator[dict[str, Any]]:
    said = _message("assistant", step.said, step.time)
    calls = [(f"{step.number}.{n}", call) for n, call in enumerate(step.calls)]
    code_id = f"{step.number}.code"
    asked = [_asked(code_id, "python_interpreter", {"code": step.code})] if step.code else []
    asked += [_asked(id, call.tool, call.arguments) for id, call in calls]
    if asked:
        said["message"]["toolCalls"] = asked
    if step.model:
        said["message"]["model"] = step.model
    yield said
    for id, call in calls:
        yield _reply(id, call.error or call.output, step.time)
    if step.code:
        yield _reply(
            code_id, "\n".join(filter(None, (step.logs, step.value, step.error, step.killed))), step.time
        )


def _asked(id: str, name: str, arguments: Any) -> dict[str, Any]:
    return {"id": id, "function": {"name": name, "arguments": json.dumps(arguments, default=str)}}


def _reply(id: str, text: str, time: float) -> dict[str, Any]:
    reply = _message("tool", text, time)
    reply["message"]["toolCallId"] = id
    return reply


def _message(role: str, text: str, time: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"role": role, "content": text}
    if isinstance(time, (int, float)) and time:
        message["timestamp"] = int(time * 1000)
    return {"type": "message", "message": message}


def _spans(trace: Trace) -> Iterator[dict[str, Any]]:
    if not trace.events:
        return
    trace_id = hashlib.sha256(trace.id.encode()).hexdigest()[:32]
    first, last = trace.events[0], trace.events[-1]
    end = next(trace.of("end"), {})
    about = {
        "openinference.span.kind": "AGENT",
        "input.value": trace.text(first.get("task")),
        "output.value": trace.text(end.get("answer")),
        "toolreg.state": trace.state,
    }
    root = _span(
        trace_id, "run", "", "agent", first["time"], last["time"], about, ok=trace.state == "success"
    )
    yield root
    for step in steps_of(trace):
        yield from _step_spans(trace_id, root["spanId"], step)


def _step_spans(trace_id: str, root: str, step: StepStory) -> Iterator[dict[str, Any]]:
    name = f"{step.agent}/step {step.number}".lstrip("/")
    ok = not (step.error or step.killed)
    about = {
        "openinference.span.kind": "CHAIN",
        "input.value": step.code,
        "output.value": step.logs or step.value,
    }
    parent = _span(trace_id, name, root, name, step.time, step.time + step.seconds, about, ok=ok)
    yield parent
    said = {
        "openinference.span.kind": "LLM",
        "llm.model_name": step.model,
        "output.value": step.said,
        "llm.token_count.prompt": step.tokens[0],
        "llm.token_count.completion": step.tokens[1],
    }
    yield _span(trace_id, name + "/model", parent["spanId"], "model", step.time, step.time, said)
    for n, call in enumerate(step.calls):
        yield _tool_span(trace_id, f"{name}/{n}", parent["spanId"], call, step.time)


def _tool_span(trace_id: str, key: str, parent: str, call: CallStory, at: float) -> dict[str, Any]:
    about = {
        "openinference.span.kind": "TOOL",
        "tool.name": call.tool,
        "input.value": json.dumps(call.arguments, default=str),
        "output.value": call.error or call.output,
        "toolreg.decision": call.decision,
        "toolreg.effects": ", ".join(call.effects),
        "toolreg.digest": call.digest,
    }
    return _span(trace_id, key, parent, call.tool, at, at + call.seconds, about, ok=not call.error)


def _span(
    trace_id: str,
    key: str,
    parent: str,
    name: str,
    begin: float,
    end: float,
    about: Mapping[str, Any],
    *,
    ok: bool = True,
) -> dict[str, Any]:
    return {
        "traceId": trace_id,
        "spanId": hashlib.sha256(f"{trace_id}{key}".encode()).hexdigest()[:16],
        "parentSpanId": parent,
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(int(begin * 1e9)),
        "endTimeUnixNano": str(int(end * 1e9)),
        "attributes": _attributes(about),
        "status": {"code": 1 if ok else 2},
    }


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)},
        }
        for key, value in values.items()
        if value not in ("", None)
    ]
