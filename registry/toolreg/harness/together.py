"""Which calls may share one process, for those who try many tools.

Calls that share a process share its grant. That loses nothing where each call is granted the same, or where what
one is granted besides is a made-up text that no other call could come by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from toolreg.effects import Effect
from toolreg.harness.cases import CallCase, Granted, RepeatCase

Shared = RepeatCase | CallCase
# What may stand for more than itself: paths that lead elsewhere, patterns, blanks.
_WIDE = re.compile(r"[~/*?\[\s]|\.\.|^\.$")
_SHORT_ASCII = re.compile(r"[!-~]{0,99}")


def groups(cases: Sequence[Shared], code: bytes) -> list[tuple[Shared, ...]]:
    """The same cases in as few processes as keep every case's grant meaningful. code: the published bytes."""
    if b"async def" in code:  # a coroutine is awaited by a call, not by an example
        return [(case,) for case in cases]
    sets = [frozenset(case.granted.effects) for case in cases]
    common: frozenset[Effect] = reduce(frozenset.intersection, sets) if sets else frozenset()
    alike: dict[frozenset[Effect], list[Shared]] = {}
    for case, granted in zip(cases, sets, strict=True):
        own = granted - common
        key = common if all(_made_up(effect, code) for effect in own) else granted
        alike.setdefault(key, []).append(case)
    return [tuple(members) for members in alike.values()]


def joined(cases: Sequence[Shared], name: str) -> RepeatCase:
    """The cases of a group as one, under everything that any of them is granted. name: of the tool."""
    granted = Granted(tuple(sorted({e for case in cases for e in case.granted.effects})))
    title = f"{cases[0].title} to {cases[-1].title}, in one process"
    return RepeatCase(title, tuple(s for case in cases for s in _sources(case, name)), granted)


def _made_up(effect: Effect, code: bytes) -> bool:
    """True if nobody who has not been told could name this target, and it names no other by accident."""
    text = effect.target
    ordinary = _SHORT_ASCII.fullmatch(text) is not None and any(c.isalnum() for c in text)
    return not ordinary and not _WIDE.search(text) and text.encode("utf-8", "replace") not in code


def _sources(case: Shared, name: str) -> tuple[str, ...]:
    match case:
        case RepeatCase(sources=sources):
            return sources
        case CallCase(arguments=arguments):
            return (f"{name}(**{dict(arguments)!r})",)
