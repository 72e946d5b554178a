"""A syntax tree visited once, for contract, inference and rules alike: its nodes by type, in the order of the source."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)
ByType = defaultdict[type, list[Any]]

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
_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_CHILDREN: dict[type, Callable[[Any], Any] | None] = {}
_IN_ORDER: dict[type, Callable[[Any], Any] | None] = {}


def _children_of(kind: type) -> Callable[[Any], Any] | None:
    """What gives the fields of a node that can hold nodes, last first; None where there are none."""
    fields = _fields(kind)[::-1]
    _CHILDREN[kind] = found = attrgetter(*fields) if fields else None
    return found


def _in_order(kind: type) -> Callable[[Any], Any] | None:
    fields = _fields(kind)
    return attrgetter(*fields) if fields else None


def _fields(kind: type) -> list[str]:
    """The fields that can hold nodes."""
    leaves = _LEAVES - ({"op"} if kind is ast.BoolOp else set())
    leaves |= {"value"} if kind is ast.Constant else {"name"} if kind.__name__ != "TypeAlias" else set()
    return [field for field in getattr(kind, "_fields", ()) if field not in leaves]


def by_type(nodes: Iterable[ast.AST]) -> ByType:
    """All nodes at and below some nodes, by type. A loop, so that deep trees do no harm."""
    found: ByType = defaultdict(list)
    stack: list[Any] = [*nodes][::-1]
    pop, push, children_of = stack.pop, stack.append, _CHILDREN
    while stack:
        node = pop()
        kind = node.__class__
        found[kind].append(node)
        try:
            children = children_of[kind]
        except KeyError:
            children = _children_of(kind)
        if children is None:
            continue
        values = children(node)
        for value in values if values.__class__ is tuple else (values,):
            if value.__class__ is list:
                stack += value[::-1]
            elif value is not None:
                push(value)
    return found


@lru_cache(maxsize=512)
def nodes_of(node: ast.AST) -> tuple[ast.AST, ...]:
    """A node and all below it in the order of `ast.walk`, without contexts and operators.

    Remembered, for trees that nobody changes: many ask for the nodes of the same statement.
    """
    found: list[Any] = [node]
    add, children_of = found.append, _IN_ORDER
    for each in found:  # grows while it is read
        kind = each.__class__
        try:
            children = children_of[kind]
        except KeyError:
            children = children_of[kind] = _in_order(kind)
        if children is None:
            continue
        values = children(each)
        for value in values if values.__class__ is tuple else (values,):
            if value.__class__ is list:
                found += value
            elif value is not None:
                add(value)
    return tuple(each for each in found if isinstance(each, ast.AST))


class Walk:
    """All nodes of a file. Each definition at its top has an index of its own, so that a tool's nodes are known too."""

    def __init__(self, tree: ast.Module) -> None:
        self._parts: list[ByType] = []
        self._part_of: dict[ast.stmt, int] = {}
        self._tree = tree
        self._found: dict[type, list[Any]] = {ast.Module: [tree]}
        loose: list[ast.stmt] = []
        for statement in tree.body:
            if statement.__class__ in _DEFINITIONS:
                self._add(loose)
                self._part_of[statement] = len(self._parts)
                self._add([statement])
            else:
                loose.append(statement)
        self._add(loose)

    def _add(self, statements: list[ast.stmt]) -> None:
        if statements:
            self._parts.append(by_type(statements))
            statements.clear()

    def nodes(self, kind: type[Node]) -> list[Node]:
        """Every node of exactly this type."""
        found = self._found.get(kind)
        if found is None:
            found = self._found[kind] = [node for part in self._parts if kind in part for node in part[kind]]
        return found

    def below(self, *definitions: ast.stmt) -> ByType | None:
        """All nodes of some definitions by type, in the order of the file; None if one does not stand at its top."""
        if not all(d in self._part_of for d in definitions):
            return None
        parts = [self._parts[n] for n in sorted({self._part_of[d] for d in definitions})]
        if len(parts) == 1:
            return parts[0]
        merged: ByType = defaultdict(list)
        for part in parts:
            for kind, nodes in part.items():
                merged[kind] += nodes
        return merged

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        nodes = [self._tree, *(n for part in self._parts for found in part.values() for n in found)]
        return {child: n for n in nodes if isinstance(n, ast.AST) for child in ast.iter_child_nodes(n)}
