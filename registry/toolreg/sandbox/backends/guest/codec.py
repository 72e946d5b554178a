"""Requests and observations as JSON. What comes back is hostile: bounded, checked field by field."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from toolreg.effects import KINDS, Effect
from toolreg.errors import HarnessError
from toolreg.sandbox.backends.linux import hostile
from toolreg.sandbox.limits import MIB, Limits
from toolreg.sandbox.observation import (
    Change,
    ChangeKind,
    ExampleRun,
    Isolation,
    Killed,
    Level,
    Observation,
    ObservedEffect,
    Outcome,
    Raised,
    Returned,
    Source,
    Tier,
    Usage,
    Verdict,
)
from toolreg.sandbox.policy import Call, CallTool, RunExamples

_QUALIFIERS = ("", "writes", "deletes")


def most(limits: Limits) -> int:
    """How many bytes an answer may have: the result, both outputs, every changed byte, the record."""
    return limits.result + 4 * limits.output + 2 * limits.disk + 16 * MIB


def call_to_json(call: Call) -> dict[str, Any]:
    return {"kind": type(call).__name__, **asdict(call)}


def call_from_json(told: Mapping[str, Any]) -> Call:
    if told["kind"] == "CallTool":
        return CallTool(told["entry"], told["arguments"])
    return RunExamples(told["entry"], told["name"], tuple(told["sources"]))


def dumps(seen: Observation) -> bytes:
    """An observation as the guest sends it."""
    plain = asdict(seen)
    plain["outcome"] = {"kind": type(seen.outcome).__name__, **asdict(seen.outcome)}
    plain["effects"] = [
        [e.effect.kind, e.effect.target, e.effect.qualifier, e.verdict, e.source, e.count, e.detail]
        for e in seen.effects
    ]
    for change in plain["changes"]:
        change["data"] = base64.b64encode(change["data"]).decode("ascii")
    return json.dumps(plain).encode("ascii", "backslashreplace")


def loads(data: bytes) -> Observation:
    """The observation that a guest sent. Raises HarnessError for anything that is none."""
    told = hostile.parse(data)
    if not isinstance(told, dict):
        raise HarnessError("the guest's answer is no observation")
    try:
        return Observation(
            outcome=_outcome(_table(told, "outcome")),
            effects=tuple(_effect(each) for each in _list(told, "effects")),
            stdout=_text(told, "stdout"),
            stderr=_text(told, "stderr"),
            truncated=told.get("truncated") is True,
            changes=tuple(_change(each) for each in _list(told, "changes")),
            usage=_usage(_table(told, "usage")),
            isolation=_isolation(_table(told, "isolation")),
            unseen=tuple(str(each) for each in _list(told, "unseen")),
            unknown=tuple(str(each) for each in _list(told, "unknown")),
        )
    except (KeyError, TypeError, ValueError, IndexError, binascii.Error) as error:
        raise HarnessError(f"the guest's answer is no observation: {type(error).__name__}") from error


def _outcome(told: dict[str, Any]) -> Outcome:
    match told.get("kind"):
        case "Returned":
            runs = tuple(
                ExampleRun(_text(run, "output"), _text(run, "error"), _text(run, "message"))
                for run in _list(told, "examples")
            )
            return Returned(told["value"], _text(told, "type_name")[:200], told.get("faithful") is True, runs)
        case "Raised":
            return Raised(_text(told, "type")[:200], _text(told, "message"), int(_number(told, "line")))
        case "Killed":
            return Killed(_text(told, "reason")[:200])
    raise ValueError("no outcome")


def _effect(told: Any) -> ObservedEffect:
    kind, target, qualifier, verdict, source, count, detail = told
    texts = all(isinstance(each, str) for each in (target, detail))
    if kind not in KINDS or qualifier not in _QUALIFIERS or not texts:
        raise ValueError("no effect")
    if verdict not in get_args(Verdict) or source not in get_args(Source):
        raise ValueError("no verdict")
    # Seen by a kernel that the host does not hold in its own hand: no more than a system call's word.
    lowered: Source = "python" if source == "python" else "syscall"
    return ObservedEffect(Effect(kind, target, qualifier), verdict, lowered, int(count), detail[:2000])


def _change(told: dict[str, Any]) -> Change:
    if told["kind"] not in get_args(ChangeKind):
        raise ValueError("no change")
    data = base64.b64decode(_text(told, "data"), validate=True)
    return Change(
        told["kind"], _text(told, "path"), int(_number(told, "size")), int(_number(told, "mode")), data
    )


def _usage(told: dict[str, Any]) -> Usage:
    return Usage(
        wall=_number(told, "wall"),
        cpu=_number(told, "cpu"),
        peak_memory=int(_number(told, "peak_memory")),
        sent=_counts(_table(told, "sent")),
        received=_counts(_table(told, "received")),
        events=int(_number(told, "events")),
        events_dropped=int(_number(told, "events_dropped")),
    )


def _isolation(told: dict[str, Any]) -> Isolation:
    layers = _table(told, "layers")
    if told["tier"] not in get_args(Tier) or not set(layers.values()) <= set(get_args(Level)):
        raise ValueError("no isolation")
    return Isolation(told["tier"], {str(name)[:100]: level for name, level in layers.items()})


def _counts(told: dict[str, Any]) -> dict[str, int]:
    return {name[:300]: int(_number(told, name)) for name in told}


def _table(told: Any, name: str) -> dict[str, Any]:
    found = told[name]
    if not isinstance(found, dict):
        raise TypeError(name)
    return found


def _list(told: Any, name: str) -> list[Any]:
    found = told.get(name, [])
    if not isinstance(found, list):
        raise TypeError(name)
    return found


def _text(told: Any, name: str) -> str:
    found = told[name]
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def _number(told: Any, name: str) -> float:
    found = told[name]
    if type(found) not in (int, float) or not math.isfinite(found) or abs(found) > 1 << 62:
        raise TypeError(name)
    return float(found)
