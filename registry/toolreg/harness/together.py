"""Which made-up calls may share a process with the examples, for those who look at many tools.

Calls that share a process share its grant: what the examples are granted together, which each of them has too. A
made-up call may be among them if it is granted no more than that, or a made-up text besides, which no other call
could come by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolreg.effects import Effect
from toolreg.harness.cases import CallCase, Granted
from toolreg.harness.scenes import Scene
from toolreg.sandbox import ExampleRun

GENERATED = "generated calls"
# What may stand for more than itself: paths that lead elsewhere, patterns, blanks.
_WIDE = re.compile(r"[~/*?\[\s]|\.\.|^\.$")
_SHORT_ASCII = re.compile(r"[!-~]{0,99}")


def shared(cases: Sequence[CallCase], granted: Granted, code: bytes) -> tuple[CallCase, ...]:
    """The calls that may run beside examples that are granted this. code: the published bytes."""
    if b"async def" in code:  # a coroutine is awaited by a call, not by an example
        return ()
    held = frozenset(granted.effects)
    return tuple(case for case in cases if all(e in held or _made_up(e, code) for e in case.granted.effects))


def lent_out(calls: Sequence[CallCase], granted: Granted) -> Granted:
    """What the examples and these calls are granted together."""
    effects = {*granted.effects, *(e for call in calls for e in call.granted.effects)}
    return Granted(tuple(sorted(effects)), granted.problems, granted.calls)


def scene(call: CallCase, name: str) -> Scene:
    """A made-up call as a source that shows the type of what it gives, and a text as it is. name: of the tool."""
    given = f"{name}(**{dict(call.arguments)!r})"
    return Scene(call.title, None, (f"print(type(_ := {given}).__name__, _)",), kind=GENERATED)


def type_shown(scene: Scene, run: ExampleRun) -> str:
    """The type of what a made-up call gave, by name; "" where there is none."""
    return "" if scene.kind != GENERATED or run.error else run.output.partition(" ")[0]


def _made_up(effect: Effect, code: bytes) -> bool:
    """True if nobody who has not been told could name this target, and it names no other by accident."""
    text = effect.target
    ordinary = _SHORT_ASCII.fullmatch(text) is not None and any(c.isalnum() for c in text)
    return not ordinary and not _WIDE.search(text) and text.encode("utf-8", "replace") not in code
