"""Methods of lists, sets and mappings: what goes in comes out again."""

from __future__ import annotations

import ast

from toolreg.infer.assign import put, too_late
from toolreg.infer.items import element, item_of
from toolreg.infer.machine import Args, Machine
from toolreg.infer.values import DATA, Items, Value, const, join, join_all


def items_method(m: Machine, items: Items, name: str, args: Args, node: ast.AST) -> Value:
    """A call of a container's method."""
    handler = _METHODS.get(name)
    if handler is not None and not items.seen:
        return handler(m, items, args)
    if handler is not None:
        before = items.contents()
        value = handler(m, items, args)
        if items.contents() != before:
            too_late(m, outlives=items.kept)
        return value
    for value in args.every():  # sort(key=…)
        m.call_back(value, [items.any_of()], node, certain=False)
    if name == "sort":
        move(items)
    return DATA


def _add(m: Machine, items: Items, args: Args) -> Value:
    for value in args.every():
        items.rest = join(items.rest, value) if items.rest else value
        items.whole = False
    _ = m
    return DATA


def _insert(_m: Machine, items: Items, args: Args) -> Value:
    """What was at a known position may be behind it now."""
    items.rest = join_all([items.any_of(), *args.pos[1:], *args.named.values()])
    items.values, items.whole = [], False
    return DATA


def move(items: Items) -> None:
    """The elements of a list stand at other positions now."""
    if items.values:
        items.rest = items.contents()
        items.values, items.whole = [], False


def _moved(_m: Machine, items: Items, _args: Args) -> Value:
    move(items)
    return DATA


def _pop(m: Machine, items: Items, args: Args) -> Value:
    value = _get(m, items, args) if args.pos or items.keys is not None else items.any_of()
    if items.keys is None:
        move(items)
    return value


def _extend(m: Machine, items: Items, args: Args) -> Value:
    for value in args.pos:
        given = element(m, value)
        items.rest = join(items.rest, given) if items.rest else given
        items.whole = False
    return DATA


def _update(_m: Machine, items: Items, args: Args) -> Value:
    for value in args.pos:
        for atom in value:
            if isinstance(atom, Items) and atom.keys is not None and items.keys is not None:
                items.keys.update(atom.keys)
                items.whole = items.whole and atom.whole
            elif isinstance(atom, Items):  # pairs
                pairs = [p.values[-1] for p in atom.any_of() if isinstance(p, Items) and p.values]
                items.rest = join_all([items.contents(), *pairs])
                items.keys, items.whole = {}, False
            else:
                items.whole = False
        items.whole = items.whole and bool(value)
    for key, given in args.named.items():
        put(items, const(key), given)
    return DATA


def _get(_m: Machine, items: Items, args: Args) -> Value:
    found = item_of(items, args.pos[0] if args.pos else DATA)
    default = args.get(1, "default")
    return join(found, default) if default is not None and found else (default or found)


def _setdefault(m: Machine, items: Items, args: Args) -> Value:
    if len(args.pos) > 1:
        put(items, args.pos[0], args.pos[1])
    return _get(m, items, args)


def _values(_m: Machine, items: Items, _args: Args) -> Value:
    made = Items()
    made.rest, made.whole = items.any_of(), False
    return (made,)


def _pairs(_m: Machine, items: Items, _args: Args) -> Value:
    made = Items()
    keys = join_all(const(k) for k in list(items.keys or {})[:16])
    made.rest, made.whole = (Items([keys, items.any_of()]),), False
    return (made,)


def _copy(_m: Machine, items: Items, _args: Args) -> Value:
    return (items,)


_METHODS = {
    "append": _add,
    "put": _add,
    "put_nowait": _add,
    "set": _add,
    "add": _add,
    "appendleft": _add,
    "insert": _insert,
    "extend": _extend,
    "update": _update,
    "get": _get,
    "get_nowait": _get,
    "pop": _pop,
    "popleft": _pop,
    "remove": _moved,
    "reverse": _moved,
    "clear": _moved,
    "rotate": _moved,
    "popitem": _pairs,
    "setdefault": _setdefault,
    "__getitem__": _get,
    "values": _values,
    "items": _pairs,
    "copy": _copy,
    "__iter__": _values,
}
