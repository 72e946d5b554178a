"""What a name may stand for while a file is read: sets of atoms, compared by identity.

A value is a tuple of atoms. The empty tuple is plain data of which nothing is known: it has no effects
of its own, and is no known target. Const, Text, Api and Hole are interned, so identity is equality.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolreg.infer.scope import Scope, Space

MAX_ATOMS = 24
_interned: dict[Any, Any] = {}


class Atom:
    """One thing a value may be."""

    __slots__ = ()


Value = tuple[Atom, ...]
DATA: Value = ()


class Hole:
    """The unknown piece of a text. exact: it is that parameter's value unchanged."""

    __slots__ = ("exact", "params", "reason", "role")

    def __init__(self, reason: str, params: tuple[str, ...], exact: bool, role: str) -> None:
        self.reason, self.params, self.exact, self.role = reason, params, exact, role


Part = str | Hole


class Const(Atom):
    """A constant: text, number, bytes, bool or None."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


class Text(Atom):
    """A text made of literal pieces and holes; a parameter of the tool is one exact hole."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts


class Any_(Atom):
    """Beside other atoms: it may also be something of which nothing is known."""

    __slots__ = ()


class Api(Atom):
    """A module, function or class that the file imports, by its dotted name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Inst(Atom):
    """An instance of an API's type.

    target: its base URL, path or address; origin: the call that made it; method: of a prepared request.
    """

    __slots__ = ("method", "origin", "target", "type")

    def __init__(self, type_: str, target: Value, origin: ast.Call | None) -> None:
        self.type, self.target, self.origin = type_, target, origin
        self.method: Value = DATA


class Member(Atom):
    """An attribute of an API instance, e.g. `session.get`."""

    __slots__ = ("inst", "name")

    def __init__(self, inst: Inst, name: str) -> None:
        self.inst, self.name = inst, name


class TextMember(Atom):
    """A method of a text or constant, e.g. `url.strip`."""

    __slots__ = ("name", "of")

    def __init__(self, of: Const | Text, name: str) -> None:
        self.of, self.name = of, name


class ItemsMember(Atom):
    """A method of a container, e.g. `handlers.append`."""

    __slots__ = ("name", "of")

    def __init__(self, of: Items, name: str) -> None:
        self.of, self.name = of, name


class Func(Atom):
    """A function or lambda of a file that is read."""

    __slots__ = ("name", "node", "owner", "scope", "space")

    def __init__(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope, space: Space, owner: Class | None
    ) -> None:
        self.node, self.scope, self.space, self.owner = node, scope, space, owner
        self.name = "<lambda>" if isinstance(node, ast.Lambda) else node.name


class Class(Atom):
    """A class of a file that is read."""

    __slots__ = ("attrs", "bases", "node", "space")

    def __init__(self, node: ast.ClassDef, space: Space, bases: Value) -> None:
        self.node, self.space, self.bases = node, space, bases
        self.attrs: dict[str, Value] = {}


class Obj(Atom):
    """An instance of a class of the file; one for each place that makes one."""

    __slots__ = ("attrs", "cls", "inst")

    def __init__(self, cls: Class) -> None:
        self.cls = cls
        self.attrs: dict[str, Value] = {}
        self.inst: Inst | None = None


class Method(Atom):
    """A function bound to its first argument."""

    __slots__ = ("first", "func")

    def __init__(self, func: Func, first: Value) -> None:
        self.func, self.first = func, first


class Super(Atom):
    """`super()` inside a method: look-ups start behind `cls`."""

    __slots__ = ("cls", "first")

    def __init__(self, cls: Class, first: Value) -> None:
        self.cls, self.first = cls, first


class Items(Atom):
    """A container: positions, known keys, and what else may be in it. `whole`: nothing else is."""

    __slots__ = ("keys", "rest", "values", "whole")

    def __init__(self, values: Iterable[Value] = (), keys: dict[object, Value] | None = None) -> None:
        self.values = list(values)
        self.keys = keys
        self.rest: Value = DATA
        self.whole = True

    def any_of(self) -> Value:
        """Every element that it may hold."""
        known = [*self.values, *(self.keys or {}).values()]
        return join_all(known if self.whole else [*known, self.rest])


class Partial(Atom):
    """`functools.partial(func, …)`."""

    __slots__ = ("args", "func", "keywords")

    def __init__(self, func: Value, args: tuple[Value, ...], keywords: dict[str, Value]) -> None:
        self.func, self.args, self.keywords = func, args, keywords


class Names(Atom):
    """A namespace as a mapping: `globals()`, `vars(os)`, `os.__dict__`, `sys.modules`."""

    __slots__ = ("of",)

    def __init__(self, of: Value) -> None:
        self.of = of


class FileModule(Atom):
    """A module of the author's own project, read too."""

    __slots__ = ("space",)

    def __init__(self, space: Space) -> None:
        self.space = space


class Unknown(Atom):
    """Something out of sight; calling it is unresolved for this reason."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


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
            params += [p for part in atom.parts if isinstance(part, Hole) for p in part.params if p not in params]
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


def join_all(values: Iterable[Value]) -> Value:
    """Any of several values; DATA for none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result if result is not None else DATA
