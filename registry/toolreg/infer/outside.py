"""Values that come from outside the code that is read: what their type hint says of them."""

from __future__ import annotations

import ast

from toolreg.infer.catalogue import is_stdlib
from toolreg.infer.machine import Args, Machine
from toolreg.infer.scope import Scope
from toolreg.infer.spec import Argument, Entry
from toolreg.infer.values import (
    DATA,
    Api,
    Class,
    Inst,
    Items,
    Unknown,
    Value,
    const,
    hole,
    join_all,
    parameter,
    text,
    unknown,
)

_PLAIN = frozenset(("int", "float", "bool", "bytes", "list", "dict", "tuple", "set", "None", "complex", "frozenset", "List", "Dict",
                    "Tuple", "Set", "Sequence", "Iterable", "Mapping", "Literal"))  # fmt: skip
_NUMBERS = frozenset(("int", "float", "bool"))
_LISTS = frozenset(
    ("list", "tuple", "set", "frozenset", "List", "Tuple", "Set", "Sequence", "Iterable", "Collection")
)
_NOT_TYPES = ("typing.", "builtins.", "collections.", "smolagents.")


def argument_of_tool(m: Machine, argument: ast.arg, scope: Scope) -> Value:
    """What an agent passes: the parameter itself, or an object where the hint names its type."""
    name = argument.arg
    if _last(argument.annotation) in _NUMBERS:
        return text((hole(f"comes from `{name}`", (name,), exact=True, role="number"),))
    if _is_list(argument.annotation):
        items = Items()
        items.rest, items.whole = (
            text((hole(f"comes from `{name}`", (name,), exact=True, role="item"),)),
            False,
        )
        return (items,)
    typed = _typed(m, argument.annotation, scope, parameter(name))
    return typed if typed is not None else parameter(name)


def from_outside(m: Machine, argument: ast.arg, scope: Scope) -> Value:
    """What the maker of a tool passes: an object of the hinted type, a text, or nobody knows."""
    typed = _typed(m, argument.annotation, scope, DATA)
    if typed is not None:
        return typed
    name = _last(argument.annotation)
    if name in _PLAIN:
        return DATA
    if name in ("str", "Path"):
        return text((hole(f"is given as `{argument.arg}` when the tool is made"),))
    return unknown(f"what is given as `{argument.arg}` when the tool is made is not known")


def _typed(m: Machine, annotation: ast.expr | None, scope: Scope, target: Value) -> Value | None:
    """An instance of the type of a hint; None where the hint names plain data or nothing."""
    made: list[Value] = []
    for node in _members(annotation):
        for atom in _quietly(m, node, scope):
            if isinstance(atom, Class):
                made.append(m.call((atom,), [], node) if not _is_data(atom) else DATA)
            elif isinstance(atom, Unknown):
                made.append((atom,))
            elif isinstance(atom, Api) and not atom.name.startswith(_NOT_TYPES):
                made.append(_instance(m, atom.name, target))
    return join_all(made) if made else None


def _instance(m: Machine, name: str, target: Value) -> Value:
    canonical, entry = m.catalogue.lookup(name)
    if entry is None and not is_stdlib(name):
        return unknown(f"effects of package `{name.partition('.')[0]}` are unknown")
    type_ = entry.returns if entry is not None and entry.returns and entry.returns != "self" else canonical
    return (Inst(type_, target or _default_target(entry), None),)


def _default_target(entry: Entry | None) -> Value:
    """Where a client goes that is made without a base URL."""
    made_for = entry.made_for if entry is not None else None
    spelled = made_for.default if isinstance(made_for, Argument) else made_for
    return const(spelled) if spelled else DATA


def _is_data(cls: Class) -> bool:
    """A class that only names values (an enum, a model) has nothing to run."""
    bases = [a.name for a in cls.bases if isinstance(a, Api)]
    return any(name.startswith(("enum.", "pydantic.", "typing.")) for name in bases)


def _quietly(m: Machine, node: ast.expr, scope: Scope) -> Value:
    if isinstance(node, ast.Name) and (
        node.id in _PLAIN or node.id in ("str", "Any", "object", "Callable", "Optional")
    ):
        return DATA
    if isinstance(node, (ast.Name, ast.Attribute)):
        return m.eval(node, scope)
    return DATA


def _members(annotation: ast.expr | None) -> list[ast.expr]:
    """The alternatives of a hint: `A | None`, `Optional[A]`, `"A"`."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _members(ast.parse(annotation.value, mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
    if isinstance(annotation, ast.BinOp):
        return _members(annotation.left) + _members(annotation.right)
    if isinstance(annotation, ast.Subscript) and _last(annotation.value) in (
        "Optional",
        "Union",
        "Annotated",
    ):
        inner = annotation.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return [
            m
            for part in parts[: 1 if _last(annotation.value) == "Annotated" else None]
            for m in _members(part)
        ]
    return [annotation] if isinstance(annotation, (ast.Name, ast.Attribute)) else []


def _is_list(annotation: ast.expr | None) -> bool:
    """True for a hint of which one alternative is a list, a tuple or a set."""
    match annotation:
        case ast.Constant(value=str() as spelled):
            try:
                return _is_list(ast.parse(spelled, mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return False
        case ast.BinOp():
            return _is_list(annotation.left) or _is_list(annotation.right)
        case ast.Subscript(value=value, slice=inner) if _last(value) in ("Optional", "Union", "Annotated"):
            return any(map(_is_list, inner.elts if isinstance(inner, ast.Tuple) else (inner,)))
        case ast.Subscript(value=value):
            return _is_list(value)
        case _:
            return _last(annotation) in _LISTS


def _last(annotation: ast.expr | None) -> str:
    """The bare name of a hint: `typing.Optional[int]` → the first of its members."""
    if isinstance(annotation, ast.Subscript) and not isinstance(annotation.value, (ast.Name, ast.Attribute)):
        return ""
    if isinstance(annotation, ast.Subscript):
        name = _last(annotation.value)
        inner = _members(annotation)
        return name if name not in ("Optional", "Union", "Annotated") else _last(inner[0]) if inner else ""
    if isinstance(annotation, (ast.BinOp, ast.Constant)):
        members = _members(annotation)
        return _last(members[0]) if members else ""
    return getattr(annotation, "id", getattr(annotation, "attr", ""))


def outside_args() -> Args:
    """The arguments of a call that nobody sees."""
    args = Args([])
    args.outside = True
    return args


__all__ = ["argument_of_tool", "from_outside", "outside_args"]
