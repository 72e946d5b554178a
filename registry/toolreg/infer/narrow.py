"""What a test says of a name: `if method not in ("GET", "HEAD"): raise` leaves two methods."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import Const, Items, Text, Value, const, join_all

_MOST = 12
_LISTED = (ast.Name, ast.Attribute, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Constant)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A name is one of known texts. inside: where the test holds; otherwise where it does not."""

    name: str
    value: Value
    inside: bool


def narrowed(m: Machine, test: ast.expr, scope: Scope) -> Narrowed | None:
    """The texts that a comparison with constants leaves for a name that was not known before; None if it says nothing."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return None
    other = test.comparators[0]
    if not isinstance(test.ops[0], (ast.In, ast.NotIn, ast.Eq, ast.NotEq)) or not isinstance(other, _LISTED):
        return None
    before = scope.names.get(test.left.id)
    if before is None or not all(isinstance(a, Text) for a in before):
        return None
    value = m.eval(other, scope)
    if isinstance(test.ops[0], (ast.In, ast.NotIn)):
        value = _elements(value)
    if (
        not value
        or len(value) > _MOST
        or not all(isinstance(a, Const) and isinstance(a.value, str) for a in value)
    ):
        return None
    return Narrowed(test.left.id, value, isinstance(test.ops[0], (ast.In, ast.Eq)))


def _elements(value: Value) -> Value:
    """All that a container of constants holds; () where more may be in it."""
    if len(value) != 1 or not isinstance(value[0], Items) or not value[0].whole or value[0].lent:
        return ()
    items = value[0]
    items.seen = True
    if items.keys is not None:
        keys: Value = tuple(a for k in items.keys for a in const(k)) if len(items.keys) <= _MOST else ()
        return keys
    return join_all(items.values) if items.values else ()
