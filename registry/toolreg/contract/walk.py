"""A syntax tree walked once: its nodes by type, in the order of the source."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

# What holds no node, or nothing that anybody asks for.
_LEAVES = frozenset(
    {
        "ctx",
        "op",
        "ops",
        "id",
        "arg",
        "attr",
        "module",
        "level",
        "type_comment",
        "is_async",
        "simple",
        "conversion",
        "kind",
        "type_ignores",
    }
)
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields that can hold nodes, last first."""
    keep = _LEAVES - ({"op"} if kind is ast.BoolOp else set())
    keep |= {"value"} if kind is ast.Constant else {"name"} if kind.__name__ != "TypeAlias" else set()
    _FIELDS[kind] = found = tuple(f for f in reversed(kind._fields) if f not in keep)
    return found


class Walk:
    """All nodes below some roots. A loop, so that deep trees do no harm.

    stop: types whose insides are left out (the nodes themselves are there), roots excepted.
    """

    def __init__(self, *roots: ast.AST, stop: tuple[type[ast.AST], ...] = ()) -> None:
        self._roots = roots
        self._by_type: dict[type[ast.AST], list[ast.AST]] = {}
        by_type, fields_of, ending = self._by_type, _FIELDS, set(stop)
        stack: list[ast.AST] = list(reversed(roots))
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            try:
                by_type[kind].append(node)
            except KeyError:
                by_type[kind] = [node]
            if kind in ending and node not in roots:
                continue
            names = fields_of.get(kind)
            for name in _fields(kind) if names is None else names:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    stack += [v for v in value[::-1] if v is not None and v.__class__ is not str]
                elif value is not None and isinstance(value, ast.AST):
                    push(value)

    def nodes(self, kind: type[Node]) -> list[Node]:
        """Every node of exactly this type."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {
            child: node
            for nodes in self._by_type.values()
            for node in nodes
            for child in ast.iter_child_nodes(node)
        }
