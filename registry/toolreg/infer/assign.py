"""Giving names, attributes and elements a value."""

from __future__ import annotations

import ast
from typing import cast

from toolreg.infer.classes import class_attribute, run_accessor
from toolreg.infer.items import element
from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import (
    DATA,
    Api,
    Atom,
    Class,
    Const,
    FileModule,
    Func,
    Items,
    Member,
    Method,
    Names,
    Obj,
    Partial,
    Text,
    Unknown,
    Value,
    api,
    join,
    join_all,
    matters,
)
from toolreg.infer.verbs import touch


def bind(m: Machine, target: ast.expr, value: Value, scope: Scope) -> None:
    """Give a name, attribute, element or pattern of them a value."""
    if isinstance(target, ast.Name):
        if scope.inner and scope.names.get(target.id, value) != value and matters(value):
            m.changed += 1
            if scope.up is not None:  # a generator that has begun may see either
                given_away(m, tuple(a for a in value if _is_function(m, a)), target, 0)
        if scope.up is None:
            keep(value)
        scope.set(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target, value, scope)
    elif isinstance(target, ast.Attribute):
        set_attribute(m, m.eval(target.value, scope), target.attr, value, target)
    elif isinstance(target, ast.Subscript):
        set_item(m, m.eval(target.value, scope), m.eval(target.slice, scope), value, target)
    elif isinstance(target, ast.Starred):
        items = Items()
        items.rest, items.whole = value, False
        bind(m, target.value, (items,), scope)


def _unpack(m: Machine, target: ast.Tuple | ast.List, value: Value, scope: Scope) -> None:
    starred = any(isinstance(e, ast.Starred) for e in target.elts)
    value = tuple(a for a in value if not (isinstance(a, Const) and a.value is None)) or value
    exact = [
        a
        for a in value
        if isinstance(a, Items) and a.keys is None and a.whole and len(a.values) == len(target.elts)
    ]
    for at, part in enumerate(target.elts):
        if exact and not starred:
            one = join_all(a.values[at] for a in exact)
            bind(m, part, one if len(exact) == len(value) else join(one, DATA), scope)
        else:
            bind(m, part, element(m, value), scope)


def set_attribute(m: Machine, receiver: Value, name: str, value: Value, node: ast.AST) -> None:
    """`x.name = value`; another package's function that is replaced is code made at run time."""
    for atom in receiver:
        match atom:
            case Obj() | Class():
                _set_on_class(m, atom, name, value, node)
            case Items(keys=dict() as keys):  # a `SimpleNamespace`
                _set_own(m, cast(dict[str, Value], keys), name, value)
                atom.kept = True
            case FileModule():
                m.looked.add(name)  # by whoever uses the name
                _set_own(m, atom.space.scope.names, name, value)
            case Api():
                patch(m, f"{atom.name}.{name}", value, node)
            case Member() if name in ("__code__", "__globals__"):
                m.effect("code", "*", node, name)
            case Func():
                m.made[(atom, name, "attribute")] = value
                if name in ("__code__", "__globals__", "__defaults__", "__kwdefaults__"):
                    m.effect("code", "*", node, name)
            case _:
                if name == "keylog_filename":
                    touch(m, "write", value, node, name)
                given_away(m, value, node)
    if not receiver:
        given_away(m, value, node)


def _set_on_class(m: Machine, atom: Obj | Class, name: str, value: Value, node: ast.AST) -> None:
    if name in ("__class__", "__bases__"):
        m.effect("code", "*", node, name)
    if isinstance(atom, Obj):
        run_accessor(m, class_attribute(m, atom.cls, name), "setter", (atom,), [value], node)
    _set_own(m, atom.attrs, name, value)


def given_away(m: Machine, value: Value, node: ast.AST, depth: int = 2) -> None:
    """A function is put where nobody follows it: whoever finds it there may call it."""
    functions: list[Atom] = []
    for atom in value:
        kind = atom.__class__
        if kind in _GIVEN and not _is_constant(atom):
            functions.append(atom)
        elif kind is Items and depth:
            items = cast(Items, atom)
            inside = tuple(a for a in items.contents() if a.__class__ is Items or _is_function(m, a))
            given_away(m, inside, node, depth - 1)
    if functions:
        m.call_back(tuple(functions), [], node)


_GIVEN = frozenset((Func, Method, Partial, Api, Member))


def _is_constant(atom: Atom) -> bool:
    """`By.TAG_NAME`, `socket.AF_INET`: a name in capitals is no function."""
    return isinstance(atom, Api) and atom.name[atom.name.rfind(".") + 1 :].isupper()


def _is_function(m: Machine, atom: Atom) -> bool:
    """A function, not a type that stands in a tuple of types."""
    if isinstance(atom, Api):
        entry = m.catalogue.lookup(atom.name)[1]
        return entry is not None and bool(entry.does)
    return isinstance(atom, (Func, Method, Partial))


def _set_own(m: Machine, attrs: dict[str, Value], name: str, value: Value) -> None:
    """An attribute keeps what it was; one that was read before now is read again."""
    before = attrs.get(name)
    after = join(before, value) if before is not None else value
    attrs[name] = after
    keep(value)
    if name in m.looked and after != before and matters(value):
        too_late(m, outlives=True)


def too_late(m: Machine, *, outlives: bool) -> None:
    """What was read before is something else now: loops, and calls that are remembered, are walked again."""
    m.changed += 1
    m.late += outlives


def keep(value: Value, depth: int = 3) -> None:
    """Containers that outlive a call of the tool: a second call finds in them what the first left."""
    for atom in value:
        if isinstance(atom, Items) and not atom.kept:
            atom.kept = True
            for inner in (atom.contents(),) if depth else ():
                keep(inner, depth - 1)


def patch(m: Machine, name: str, value: Value, node: ast.AST) -> None:
    """Monkey-patching: silent only where plain settings change."""
    if any(isinstance(a, (Func, Api, Class, Method, Member, Partial, Obj, Unknown)) for a in value):
        m.effect("code", "*", node, f"{name} =")
        m.call_back(value, [], node, certain=False)  # whoever calls that name runs it
        return
    if name == "typing.TYPE_CHECKING":
        m.effect("code", "*", node, f"{name} =")
    _, entry = m.catalogue.lookup(name)
    plain = bool(value) and all(isinstance(a, (Const, Text, Items)) for a in value)
    if entry is not None and (entry.does or entry.returns) and not plain:
        m.question(node, f"`{name}` is replaced by a value that is not known", "code")


def set_item(m: Machine, receiver: Value, index: Value, value: Value, node: ast.AST) -> None:
    """`x[key] = value`."""
    for atom in receiver:
        if isinstance(atom, Items):
            before = atom.contents() if atom.seen else DATA
            put(atom, index, value)
            if atom.seen and matters(value) and atom.contents() != before:
                too_late(m, outlives=atom.kept)
        elif isinstance(atom, Api) and atom.name == "os.environ":
            m.call(api("os.putenv"), [index], node)
        elif isinstance(atom, Api) and atom.name == "sys.modules":
            m.effect("code", "*", node, "sys.modules[] =")
        elif isinstance(atom, Names):
            _set_name(m, atom, index, value, node)
        elif not isinstance(atom, Obj):
            given_away(m, value, node)
    if not receiver:
        given_away(m, value, node)


def _set_name(m: Machine, names: Names, index: Value, value: Value, node: ast.AST) -> None:
    known = index[0].value if len(index) == 1 and isinstance(index[0], Const) else None
    if isinstance(known, str) and names.of:
        set_attribute(m, names.of, known, value, node)
    else:
        m.effect("code", "*", node, "a name that is computed =")


def put(items: Items, index: Value, value: Value) -> None:
    """Remember an element under a known key, or as one of the rest."""
    if len(index) == 1 and isinstance(index[0], Const) and items.keys is not None and len(items.keys) < 512:
        key = index[0].value
        items.keys[key] = join(items.keys[key], value) if key in items.keys else value
    else:
        items.rest = join(items.rest, value) if items.rest else value
        items.whole = False
