"""Other stages for the same examples: days, users, values of variables, arguments that the code knows.

A tool that behaves on the day and the machine of its check only is found by moving it to others.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolreg.contract import Example, ToolSource
from toolreg.effects import Effect
from toolreg.harness import inputs
from toolreg.harness.cases import Granted
from toolreg.harness.constants import Constants
from toolreg.harness.scene import Scene as Scene

_DAY = 86_400.0
_USERS = (("maria", 1003, "maria-laptop"), ("root", 0, "web-01"), ("ubuntu", 1000, "ip-10-0-3-17"))
_VALUES = (None, "", "1", "0", "true", "production", "development", "prod", "staging", "live", "on", "debug")
# How real keys begin; a made-up value comes behind it, once and thrice as long.
_BEGINNINGS = ("sk-", "ghp_", "hf_", "xoxb-", "sk-" + "A1b2" * 10)
_MACHINES = (
    ("a server", (3, 14, 2), "linux", "Linux", "x86_64"),
    ("a laptop", (3, 13, 7), "darwin", "Darwin", "arm64"),
)
_MOST_SCENES = 160
# Variables that every machine has and nobody keeps secret: they have usual values instead of made-up ones.
PUBLIC = {
    "HOME": "/tmp/home", "USER": "user", "LOGNAME": "user", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "TERM": "xterm", "TMPDIR": "/tmp", "EDITOR": "vi", "PWD": "/work",
    "HOSTNAME": "sandbox", "NO_COLOR": "1", "CI": "", "DEBUG": "",
}  # fmt: skip


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
    tool: ToolSource,
    examples: tuple[Example, ...],
    granted: Granted,
    known: Constants,
    now: float,
    secret: str = "",
) -> tuple[Scene, ...]:
    """Every stage for a tool, those that its code points at first. now: seconds since 1970.

    secret: a made-up value, to be put behind what the code expects of one.
    """
    sources = tuple(e.source for e in examples)
    # What an example writes, the next stage finds: then only what it does can be compared, not what it prints.
    held = () if any(e.kind == "write" for e in granted.effects) else examples
    variables = [e.target for e in granted.effects if e.kind == "env" and e.target.isidentifier()]
    calls = list(inputs.calls(tool, granted, known))
    listed = [
        *(Scene(t, s, sources, held, "days") for t, s in _named_days(known, now)),
        *(Scene(t, s, sources, held, "users") for t, s in _users(known, granted)),
        *(Scene(t, s, sources, kind="machines") for t, s in (*_machines(), *_chances(known))),
        *inputs.at_once(tool, granted, sources, held),
        *(Scene(t, s, sources, kind="values of variables") for t, s in _values(variables, known, secret)),
        *(call for call in calls if call.kind == inputs.KNOWN),
        *(Scene(t, s, sources, held, "days") for t, s in _other_days(now)),
        *(call for call in calls if call.kind != inputs.KNOWN),
    ]
    last = Scene("what it has put off", {}, ("__toolreg__['finish']()",))
    return (*listed[: _MOST_SCENES + 2 * inputs.MOST], last)


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
        (year + 4 - year % 4, 2, 29),
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


def _machines() -> Iterator[tuple[str, dict[str, Any]]]:
    """A server and a laptop that are no place for a check: where an agent would call the tool."""
    for title, python, *names in _MACHINES:
        platform, system, machine = names
        yield f"another machine ({title})", {"machine": {
            "cpus": 64, "python": python, "platform": platform, "system": system, "machine": machine}}  # fmt: skip


def _chances(known: Constants) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rarest that chance can give, where the code asks it."""
    if known.asks_chance:
        for value in ("least", "greatest", *known.numbers[:8]):
            yield f"another chance ({value})", {"chance": value}


def _values(variables: Sequence[str], known: Constants, secret: str) -> Iterator[tuple[str, dict[str, Any]]]:
    grown = [t + secret for t in dict.fromkeys((*known.beginnings, *_BEGINNINGS))] if secret else []
    for value in (*_VALUES, *(t for t in known.texts if len(t) < 40), *grown):
        for name in variables if value not in grown else [n for n in variables if n not in PUBLIC]:
            yield f"{name}={value}" if value is not None else f"without {name}", {"env": {name: value}}


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
