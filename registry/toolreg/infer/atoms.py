"""The atoms: each one thing that a value may be. They are compared by identity."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolreg.infer.scope import Scope, Space
    from toolreg.infer.values import Items


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
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        scope: Scope,
        space: Space,
        owner: Class | None,
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
