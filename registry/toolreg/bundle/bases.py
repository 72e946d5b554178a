"""The bases of a tool's class, in its own file and in others of the author's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from toolreg.bundle.names import Function
from toolreg.bundle.units import Source

if TYPE_CHECKING:
    from toolreg.bundle.reach import Reach


def method(reach: Reach, source: Source, node: ast.ClassDef, name: str) -> Function | None:
    """A method that a class has by itself or from a base, nearest first."""
    for owner in _classes(reach, source, node, 0):
        for member in owner.body:
            if isinstance(member, Function) and member.name == name:
                return member
    return None


def _classes(reach: Reach, source: Source, node: ast.ClassDef, depth: int) -> Iterator[ast.ClassDef]:
    yield node
    for base in node.bases if depth < 20 else ():
        for where, found in _meant(reach, source, base):
            if found is not node:
                yield from _classes(reach, where, found, depth + 1)


def _meant(reach: Reach, source: Source, base: ast.expr) -> Iterator[tuple[Source, ast.ClassDef]]:
    """The class that a base names: `Base`, `module.Base`, `package.module.Base`."""
    where, name = source, ""
    if isinstance(base, ast.Subscript):  # Base[T]
        base = base.value
    if isinstance(base, ast.Name):
        name = base.id
    elif isinstance(base, ast.Attribute):
        holder = base.value
        space = reach.spaces.get((source, holder.id)) if isinstance(holder, ast.Name) else None
        space = reach.dotted.get(holder) if isinstance(holder, ast.Attribute) else space
        if space is not None:
            where, name = space, base.attr
    for _ in range(20):
        if (where, name) not in reach.links:
            break
        where, name = reach.links[where, name]
    for unit in where.by_name.get(name, ()):
        if isinstance(unit.node, ast.ClassDef):
            yield where, unit.node
