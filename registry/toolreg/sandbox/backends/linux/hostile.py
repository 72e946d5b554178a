"""Reads what a tool's process sent as its result.

Hostile bytes, never evaluated, never trusted to be well formed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from toolreg.effects import Effect
from toolreg.sandbox.observation import ExampleRun, Killed, Outcome, Raised, Returned
from toolreg.sandbox.policy import JSON

DEEPEST = 200
# Lists and mappings in one result. Each takes thirty times its text in memory, and the result is read here.
MOST = 500_000
_MOST_TOLD = 200
_TOLD_KINDS = ("code", "native", "run")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.S)
_BRACKETS = re.compile(rb"[\[\]{}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def outcome(data: bytes) -> Outcome:
    """The outcome that the bytes tell, or Killed("result") where they are not one."""
    parsed = parse(data)
    if not isinstance(parsed, dict):
        return Killed("result")
    if isinstance(parsed.get("error"), str):
        line = parsed.get("line")
        return Raised(
            parsed["error"],
            _text(parsed.get("message")),
            line if type(line) is int and 0 <= line < 1 << 31 else 0,
        )
    if "examples" in parsed:
        runs = parsed["examples"]
        if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
            return Killed("result")
        return Returned(None, "NoneType", True, tuple(_run(run) for run in runs))
    if "value" not in parsed:
        return Killed("result")
    return Returned(parsed["value"], _text(parsed.get("type"))[:200], parsed.get("faithful") is True)


def account(data: bytes) -> tuple[Effect, ...]:
    """The tool's own account of what it did, as far as it makes sense."""
    parsed = parse(data)
    told = parsed.get("account") if isinstance(parsed, dict) else None
    found = []
    for each in told[:_MOST_TOLD] if isinstance(told, list) else []:
        if (
            isinstance(each, list)
            and len(each) == 2
            and each[0] in _TOLD_KINDS
            and isinstance(each[1], str)
            and each[1]
        ):
            found.append(Effect(each[0], each[1][:200]))
    return tuple(found)


def parse(data: bytes) -> JSON:
    """JSON of bounded depth, with every lone surrogate replaced; None where it is none at all."""
    if not _shallow(data):
        return None
    try:
        value: JSON = _clean(json.loads(data))
    except (ValueError, RecursionError):
        return None
    return value


def _shallow(data: bytes) -> bool:
    """True if brackets outside strings are at most MOST, none deeper than DEEPEST: the parser must not be at risk."""
    depth = 0
    bare = _STRING.sub(b"", data)
    if bare.count(b"[") + bare.count(b"{") > MOST:
        return False
    for match in _BRACKETS.finditer(bare):
        depth += 1 if match[0] in b"[{" else -1
        if depth > DEEPEST:
            return False
    return True


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _run(run: dict[str, Any]) -> ExampleRun:
    return ExampleRun(_text(run.get("output")), _text(run.get("error")), _text(run.get("message")))
