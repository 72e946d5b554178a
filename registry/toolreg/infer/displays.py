"""Lists, tuples, sets, mappings and comprehensions as values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from toolreg.infer.assign import bind
from toolreg.infer.items import element
from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import (
    ANY,
    Const,
    Items,
    Value,
    join,
)


def sequence(m: Machine, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    if len(node.elts) > 256:  # data tables
        return _table(m, node.elts, scope)
    items = Items()
    for item in node.elts:
        value = m.eval(item.value if isinstance(item, ast.Starred) else item, scope)
        if not isinstance(item, ast.Starred):
            _put_last(items, value)
        elif len(value) == 1 and isinstance(value[0], Items) and value[0].keys is None:
            for each in value[0].values:
                _put_last(items, each)
            if not value[0].whole:
                _put_somewhere(items, value[0].rest)
        else:
            _put_somewhere(items, element(m, value))
    return (items,)


def _put_last(items: Items, value: Value) -> None:
    """Append, where every position before it is known; behind an unknown number of elements it may be anywhere."""
    if items.whole:
        items.values.append(value)
    else:
        _put_somewhere(items, value)


def _put_somewhere(items: Items, value: Value) -> None:
    items.rest = value if items.whole else join(items.rest, value)
    items.whole = False


def _table(m: Machine, elements: Sequence[ast.expr], scope: Scope) -> Value:
    found: Value = (ANY,)
    for item in elements:
        m.step()
        if not isinstance(item, ast.Constant):
            found = join(found, m.eval(item, scope))
    items = Items()
    items.rest = found
    items.whole = False
    return (items,)


def mapping(m: Machine, node: ast.Dict, scope: Scope) -> Value:
    if len(node.values) > 512:
        return _table(m, [v for v in (*node.values, *node.keys) if v is not None], scope)
    items = Items(keys={})
    assert items.keys is not None
    for key, value_node in zip(node.keys, node.values, strict=True):
        value = m.eval(value_node, scope)
        if key is None:
            _spread(m, items, value)
            continue
        known = m.eval(key, scope)
        if len(known) == 1 and isinstance(known[0], Const):
            items.keys[known[0].value] = value
        else:
            items.rest = join(items.rest, value) if items.rest else value
            items.whole = False
    return (items,)


def _spread(m: Machine, items: Items, value: Value) -> None:
    assert items.keys is not None
    m.whole_environment(value, m.here)
    for atom in value:
        if isinstance(atom, Items) and atom.keys is not None:
            items.keys.update(atom.keys)
            items.rest = join(items.rest, atom.rest) if atom.rest else items.rest
    items.whole = items.whole and bool(value) and all(isinstance(a, Items) and a.whole for a in value)


def comprehension(m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
    inner = _generators(m, node.generators, scope)
    items = Items()
    items.rest = m.eval(node.elt, inner)
    items.whole = False
    return (items,)


def dict_comprehension(m: Machine, node: ast.DictComp, scope: Scope) -> Value:
    inner = _generators(m, node.generators, scope)
    m.eval(node.key, inner)
    items = Items(keys={})
    items.rest = m.eval(node.value, inner)
    items.whole = False
    return (items,)


def _generators(m: Machine, generators: Iterable[ast.comprehension], scope: Scope) -> Scope:
    inner = Scope(scope)
    for generator in generators:
        m.step()
        bind(m, generator.target, element(m, m.eval(generator.iter, inner)), inner)
        for test in generator.ifs:
            m.eval(test, inner)
    return inner
