"""What a name may stand for while a file is read: sets of atoms.

A value is a tuple of atoms. The empty tuple is plain data of which nothing is known: it has no effects
of its own, and is no known target. Const, Text, Api and Hole are interned, so identity is equality.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolreg.infer.atoms import (
    DATA,
    Any_,
    Api,
    Atom,
    Class,
    Const,
    FileModule,
    Func,
    Hole,
    Inst,
    ItemsMember,
    Member,
    Method,
    Names,
    Obj,
    Part,
    Partial,
    Super,
    Text,
    TextMember,
    Unknown,
    Value,
)

MAX_ATOMS = 24
_interned: dict[Any, Any] = {}


class Items(Atom):
    """A container: positions, known keys, and what else may be in it.

    whole: nothing else is in it; seen: something was taken out, so that what is put in later comes too late;
    kept: it outlives a call of the tool; lent: other code got it and may put more in.
    """

    __slots__ = ("kept", "keys", "lent", "rest", "seen", "values", "whole")

    def __init__(self, values: Iterable[Value] = (), keys: dict[object, Value] | None = None) -> None:
        self.values = list(values)
        self.keys = keys
        self.rest: Value = DATA
        self.whole = True
        self.seen = False
        self.kept = False
        self.lent = False

    def any_of(self) -> Value:
        """Every element that it may hold."""
        self.seen = True
        return self.contents()

    def contents(self) -> Value:
        """Every element that it holds now, without taking one out."""
        known = [*self.values, *(self.keys or {}).values()]
        return join_all(known if self.whole else [*known, self.rest])


ANY = Any_()


def _intern(key: Any, make: type[Any], *args: Any) -> Any:
    found = _interned.get(key)
    if found is None:
        if len(_interned) > 50_000:  # a bound for long-lived processes; identity then only costs duplicates
            _interned.clear()
        found = _interned[key] = make(*args)
    return found


def const(value: object) -> Value:
    """The value of a constant."""
    if isinstance(value, (str, bytes)) and len(value) > 4000:
        return DATA
    atom: Const = _intern((Const, type(value), value), Const, value)
    return (atom,)


def api(name: str) -> Value:
    """The value of a dotted API."""
    atom: Api = _intern(name, Api, name)
    return (atom,)


def unknown(reason: str) -> Value:
    """A value out of sight, for a reason."""
    atom: Unknown = _intern((Unknown, reason), Unknown, reason)
    return (atom,)


def hole(reason: str, params: tuple[str, ...] = (), *, exact: bool = False, role: str = "") -> Hole:
    """An unknown piece of text; role `env`, `temp` or `quoted` where that matters."""
    found: Hole = _intern((Hole, reason, params, exact, role), Hole, reason, params, exact, role)
    return found


def text(parts: tuple[Part, ...]) -> Value:
    """A text of pieces, neighbouring literals put together; all literal gives a constant."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return const("")
    if len(merged) == 1 and isinstance(merged[0], str):
        return const(merged[0])
    if len(merged) > 40:
        return DATA
    key = tuple(merged)
    atom: Text = _intern((Text, key), Text, key)
    return (atom,)


def parameter(name: str) -> Value:
    """The argument that a caller of the tool gives."""
    return text((hole(f"comes from `{name}`", (name,), exact=True),))


def derived(value: Value) -> Value:
    """Data computed from a value: only which parameters it comes from is kept."""
    params: list[str] = []
    for atom in value:
        if isinstance(atom, Text):
            params += [
                p for part in atom.parts if isinstance(part, Hole) for p in part.params if p not in params
            ]
    if not params:
        return DATA
    return text((hole("computed from " + ", ".join(f"`{p}`" for p in params), tuple(params)),))


def join(a: Value, b: Value) -> Value:
    """Either of two values."""
    if a is b or a == b:
        return a
    if not a or not b:
        some = a or b
        return some if ANY in some else (*some, ANY)
    merged = a + tuple(atom for atom in b if atom not in a)
    return merged if len(merged) <= MAX_ATOMS else (*merged[: MAX_ATOMS - 1], ANY)


def matters(value: Value) -> bool:
    """A value that may be called or be a target; numbers, None and plain data are neither."""
    return any(not isinstance(a, Const) or isinstance(a.value, (str, bytes)) for a in value)


def join_all(values: Iterable[Value]) -> Value:
    """Any of several values; DATA for none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result if result is not None else DATA


__all__ = [
    "ANY",
    "DATA",
    "Any_",
    "Api",
    "Atom",
    "Class",
    "Const",
    "FileModule",
    "Func",
    "Hole",
    "Inst",
    "Items",
    "ItemsMember",
    "Member",
    "Method",
    "Names",
    "Obj",
    "Part",
    "Partial",
    "Super",
    "Text",
    "TextMember",
    "Unknown",
    "Value",
    "api",
    "const",
    "derived",
    "hole",
    "join",
    "join_all",
    "matters",
    "parameter",
    "text",
    "unknown",
]
