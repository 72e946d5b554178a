"""Other stages for the same examples: days, users, values of variables, arguments that the code knows.

A tool that behaves on the day and the machine of its check only is found by moving it to others.
"""

from __future__ import annotations

import ast
import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolreg.contract import Example, ToolSource, spec_of
from toolreg.effects import Effect
from toolreg.harness.cases import Granted
from toolreg.harness.constants import Constants
from toolreg.harness.generate import edge_values

_DAY = 86_400.0
_USERS = (("maria", 1003, "maria-laptop"), ("root", 0, "web-01"), ("ubuntu", 1000, "ip-10-0-3-17"))
_VALUES = (None, "", "1", "0", "true", "production", "development")
_MOST_CALLS = 120
_MOST_SCENES = 120
_SHOWN = 20_000
_KNOWN = "arguments that the code knows"
_LONGEST_LENGTH = 20_000
# Variables that every machine has and nobody keeps secret: they have usual values instead of made-up ones.
PUBLIC = {
    "HOME": "/tmp/home", "USER": "user", "LOGNAME": "user", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "TERM": "xterm", "TMPDIR": "/tmp", "EDITOR": "vi", "PWD": "/work",
    "HOSTNAME": "sandbox", "NO_COLOR": "1", "CI": "", "DEBUG": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One stage. examples: what its sources must print; () if anything will do. kind: what a report counts it as.

    setting: as `inside.enter` takes it, the tool is loaded anew; None leaves everything as it is.
    """

    title: str
    setting: Mapping[str, Any] | None = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class StagedCase:
    """The tool on one stage after the other. home: files put into the home folder.

    planted: files of the workspace with what they hold in this case, by path. first: the examples, where they are
    run before anything is prepared. Stages are played until `seconds` of processor time or `wall` seconds are
    over, the first `fewest` of them in any case.
    """

    title: str
    scenes: tuple[Scene, ...]
    granted: Granted
    home: Mapping[str, str] = field(default_factory=dict)
    planted: Mapping[str, bytes] = field(default_factory=dict)
    first: tuple[Example, ...] = ()
    fewest: int = 6
    seconds: float = 1e9
    wall: float = 30.0


def scenes(
    tool: ToolSource, examples: tuple[Example, ...], granted: Granted, known: Constants, now: float
) -> tuple[Scene, ...]:
    """Every stage for a tool, those that its code points at first. now: seconds since 1970."""
    sources = tuple(e.source for e in examples)
    # What an example writes, the next stage finds: then only what it does can be compared, not what it prints.
    held = () if any(e.kind == "write" for e in granted.effects) else examples
    variables = [e.target for e in granted.effects if e.kind == "env" and e.target.isidentifier()]
    calls = list(_calls(tool, granted, known))
    listed = [
        *(Scene(t, s, sources, held, "days") for t, s in _named_days(known, now)),
        *(Scene(t, s, sources, held, "users") for t, s in _users(known, granted)),
        *(Scene(t, s, sources, kind="values of variables") for t, s in _values(variables, known)),
        *(call for call in calls if call.kind == _KNOWN),
        *(Scene(t, s, sources, held, "days") for t, s in _other_days(now)),
        *(call for call in calls if call.kind != _KNOWN),
    ]
    return tuple(listed[: _MOST_SCENES + 2 * _MOST_CALLS])


def _named_days(known: Constants, now: float) -> Iterator[tuple[str, dict[str, Any]]]:
    for moment in (now + _DAY + 3 * 3600, *known.moments, now + 400 * _DAY):
        yield f"another day ({_shown(moment)})", {"clock": moment}


def _other_days(now: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every hour, day of the week and day of the month, then months, years, and days that people choose."""
    today = now - now % _DAY
    days = [today + n * _DAY + (n % 24) * 3600 + (n * 7 % 60) * 60 for n in range(1, 32)]
    days += [today + n * 30.4 * _DAY + 11 * 3600 for n in range(2, 13)]
    year = dt.datetime.fromtimestamp(now, dt.UTC).year
    chosen = [
        (year + 1, 1, 1),
        (year + 1, 4, 1),
        (year, 12, 24),
        (year, 12, 31),
        (year + 2, 7, 4),
        (year + 12, 2, 1),
    ]
    days += [dt.datetime(*day, 0, 0, 30, tzinfo=dt.UTC).timestamp() for day in chosen]
    friday = next(d for n in range(1, 500) if _is_friday_the_13th(d := today + n * _DAY))
    for moment in (*days, friday + 13 * 3600):
        yield f"another day ({_shown(moment)})", {"clock": moment}


def _is_friday_the_13th(moment: float) -> bool:
    day = dt.datetime.fromtimestamp(moment, dt.UTC)
    return day.day == 13 and day.weekday() == 4


def _shown(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%d %H:%M")


def _users(known: Constants, granted: Granted) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other people on other machines. The home folder is another too, unless the tool is granted a part of it."""
    at_home = any(e.target.startswith("~") for e in granted.effects)
    for user, uid, host in (*_USERS, *((name, 1001, name) for name in known.names[:12])):
        env = {"USER": user, "LOGNAME": user, **({} if at_home else {"HOME": f"/tmp/home/{user}"})}
        yield f"another user ({user} on {host})", {"user": user, "uid": uid, "host": host, "env": env}


def _values(variables: Sequence[str], known: Constants) -> Iterator[tuple[str, dict[str, Any]]]:
    for value in (*_VALUES, *(t for t in known.texts if len(t) < 40)):
        for name in variables:
            yield f"{name}={value}" if value is not None else f"without {name}", {"env": {name: value}}


def _calls(tool: ToolSource, granted: Granted, known: Constants) -> Iterator[Scene]:
    """One call for each edge of an input, and each constant of the code; the others as in the first example."""
    inputs = spec_of(tool).inputs
    media = any(schema.get("type") in ("image", "audio") for schema in inputs.values())
    if tool.call is None or not granted.calls or media or isinstance(tool.call, ast.AsyncFunctionDef):
        return
    base, bound = dict(granted.calls[0]), {p for e in tool.declared or () for p in e.parameters}
    free = {name: schema for name, schema in inputs.items() if name not in bound}
    named = [
        {**base, n: v}
        for n, s in free.items()
        if not s.get("enum")
        for v in _arguments(s, base.get(n), known)
    ]
    edges = [{**base, n: v} for n, s in free.items() for v in edge_values(s)]
    for kind, what, made in (
        (_KNOWN, "an argument that the code knows", named),
        ("inputs at their edge", "an input at its edge", edges),
    ):
        for number, arguments in enumerate(list(dict.fromkeys(map(repr, made)))[:_MOST_CALLS], 1):
            # Shown in part, so that many long results do not end the case.
            call = f"print(repr({tool.name}(**{arguments}))[:{_SHOWN}])"
            yield Scene(f"{what} ({number})", {}, (call,), kind=kind)


def _arguments(schema: Mapping[str, Any], usual: object, known: Constants) -> Iterator[Any]:
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds or "any" in kinds:
        for text in known.texts:
            yield text
            yield f"{usual} {text}" if isinstance(usual, str) else f"say {text} now"
        yield from ("x" * (n + 1) for n in known.numbers if 0 < n < _LONGEST_LENGTH)
        yield from map(str, known.numbers)
    if {"integer", "number", "any"} & set(kinds):
        yield from (value for n in known.numbers for value in (n, n + 1, n - 1))
    if "array" in kinds:
        yield from ([text] for text in known.texts)
    if "object" in kinds:
        yield from ({text: text} for text in known.texts)


def planted_file(path: str, before: bytes | None, value: str) -> bytes | None:
    """A file's content with a made-up value in it; None where it is not text and is left alone."""
    if before is None:
        return f"{value}\n".encode()
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if path.endswith(".json"):
        head, brace, rest = text.partition("{")
        return (
            (f'{head}{{"note": "{value}"' + (", " if rest.strip(" \n\r\t") != "}" else "") + rest).encode()
            if brace
            else None
        )
    return (text + ("" if text.endswith("\n") or not text else "\n") + value + "\n").encode()


def name_for(effect: Effect) -> str:
    """A path that a `read` target covers: `notes/*.md` → `notes/k7q2.md`; "" if none was found."""
    parts = []
    for part in effect.target.split("/"):
        parts.append(
            "a" + secrets.token_hex(3) if part in ("*", "**") else part.replace("*", "k7q2").replace("?", "k")
        )
    path = "/".join(parts)
    return path if effect.covers(Effect("read", path)) else ""
