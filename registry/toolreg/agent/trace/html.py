"""A run as one HTML file: no script, no server, nothing fetched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from importlib import resources

from toolreg.agent.trace.reader import Trace
from toolreg.agent.trace.story import CallStory, StepStory, arguments_of, failure, steps_of, thought


def to_html(trace: Trace) -> str:
    """The page. All text of the run is escaped; the policy of the page forbids scripts and requests."""
    style = resources.files("toolreg.agent.trace").joinpath("trace.css").read_text("utf-8")
    body = _head(trace) + "".join(map(_step, steps_of(trace))) + _foot(trace)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(trace.id)}</title><style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


def _head(trace: Trace) -> str:
    start = trace.start
    when = datetime.fromtimestamp(float(start.get("time") or 0), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    facts = {
        "started": when,
        "agent": start.get("agent_class", ""),
        "model": start.get("model", ""),
        "sandbox": start.get("sandbox", ""),
        "budget": _budget(start.get("budget")),
        "imports": _inline(start.get("imports")),
    }
    rows = "".join(f"<dt>{k}</dt><dd>{escape(str(v))}</dd>" for k, v in facts.items() if v)
    broken = f'<p class="bad">The trace is not whole: {escape(trace.problem)}</p>' if trace.problem else ""
    good = "good" if trace.state == "success" else "bad"
    return (
        f'<header><h1>{escape(trace.id)} <span class="badge {good}">{escape(trace.state)}</span></h1>'
        f'<p class="task">{escape(trace.text(start.get("task")))}</p><dl>{rows}</dl>{_tools(trace)}{broken}</header>'
    )


def _tools(trace: Trace) -> str:
    tools = trace.start.get("tools") or []
    rows = "".join(
        f"<tr><td><code>{escape(str(t.get('name', '')))}</code></td><td>{escape(str(t.get('version') or ''))}</td>"
        f"<td>{escape(', '.join(map(str, t['effects'])) or 'none' if t.get('effects') is not None else 'not known')}</td>"
        f"<td>{escape(str(t.get('where', '')))}</td></tr>"
        for t in tools
    )
    head = "<tr><th>tool</th><th>version</th><th>effects</th><th>runs in</th></tr>"
    return f"<table>{head}{rows}</table>" if rows else ""


def _step(step: StepStory) -> str:
    agent = f"{escape(step.agent)} · " if step.agent else ""
    tokens = f" · {step.tokens[0]} + {step.tokens[1]} tokens" if any(step.tokens) else ""
    parts = [
        _pre("said", thought(step)),
        _pre("code", step.code),
        "".join(map(_call, step.calls)),
        _pre("out", step.logs),
        _pre("value", step.value) if step.value and step.value != "None" else "",
        _pre("bad", failure(step)),
    ]
    return (
        f"<section><h2>{agent}step {step.number} <small>{step.seconds:.2f} s{tokens}</small></h2>"
        f"{''.join(parts)}</section>"
    )


def _call(call: CallStory) -> str:
    arguments = json.dumps(call.arguments, ensure_ascii=False, indent=1, default=str)
    note = (
        ""
        if call.decision == "allowed"
        else f' <b class="bad">{escape(call.decision)}: {escape(call.reason)}</b>'
    )
    effects = "".join(f'<span class="effect">{escape(e)}</span>' for e in call.effects)
    label = " ".join(filter(None, (call.version, call.digest[:19], call.where)))
    result = _pre("bad", call.error) if call.error else _pre("out", call.output)
    return (
        f'<details class="call" {"open" if call.error or note else ""}><summary><code>{escape(call.tool)}({escape(arguments_of(call.arguments))})</code> '
        f"<small>{call.seconds * 1000:.0f} ms {escape(label)}</small>{note} {effects}</summary>"
        f"{_pre('code', arguments)}{result}</details>"
    )


def _foot(trace: Trace) -> str:
    end = next(trace.of("end"), None)
    if end is None:
        return '<footer><p class="bad">The run has no end: it was killed, or it still runs.</p></footer>'
    numbers = (
        f"{end.get('seconds', 0)} s · {end.get('input_tokens', 0)} + {end.get('output_tokens', 0)} tokens"
    )
    error = _pre("bad", trace.text(end.get("error")))
    answer = _pre("answer", trace.text(end.get("answer")))
    return (
        f"<footer><h2>{escape(str(end.get('state')))} <small>{numbers}</small></h2>{error}{answer}"
        f"{_files(trace)}</footer>"
    )


def _files(trace: Trace) -> str:
    listed = [f for event in trace.of("files") for f in event.get("files") or () if isinstance(f, dict)]
    rows = "".join(
        f"<tr><td><code>{escape(str(f.get('path', '')))}</code></td><td>{escape(str(f.get('size', '')))}</td>"
        f"<td><code>{escape(str(f.get('sha256', '')))}</code></td></tr>"
        for f in listed
    )
    head = "<tr><th>file, to be reviewed</th><th>bytes</th><th>SHA-256</th></tr>"
    return f"<table>{head}{rows}</table>" if rows else ""


def _pre(kind: str, text: str) -> str:
    return f'<pre class="{kind}">{escape(text)}</pre>' if text and text.strip() else ""


def _budget(value: object) -> str:
    words = {"max_steps": "steps", "deadline": "s", "step_timeout": "s a step", "tokens": "tokens"}
    given = value if isinstance(value, dict) else {}
    return " · ".join(f"{_short(given[k])} {word}" for k, word in words.items() if given.get(k) is not None)


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _inline(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
