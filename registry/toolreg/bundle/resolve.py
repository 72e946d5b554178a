"""What a name in an annotation stands for, followed through imports and aliases of the author's files."""

from __future__ import annotations

import ast
import builtins

from toolreg.bundle.hints import Meaning
from toolreg.bundle.reach import Reach
from toolreg.bundle.units import Source, import_of


class Names:
    """What names in the annotations of a file stand for; an alias is read where it was written."""

    def __init__(self, reach: Reach, main: Source) -> None:
        self._reach, self._main = reach, main
        self._homes: dict[ast.AST, Source] = {}

    def __call__(self, node: ast.expr) -> Meaning:
        """("typing", "List"), an expression that the name is an alias of, or None for a class or something unknown."""
        told, home = _meaning(self._reach, self._homes.get(node, self._main), node)
        if isinstance(told, ast.expr):
            self._homes |= dict.fromkeys(ast.walk(told), home)
        return told


def _meaning(reach: Reach, source: Source, node: ast.expr, depth: int = 0) -> tuple[Meaning, Source]:
    """The meaning, and the file that it is written in."""
    if depth > 20:
        return None, source
    if isinstance(node, ast.Attribute):
        return _attribute(reach, source, node, depth)
    if not isinstance(node, ast.Name):
        return None, source
    linked = reach.links.get((source, node.id))
    if linked is not None:
        return _meaning(reach, linked[0], ast.Name(linked[1], ast.Load()), depth + 1)
    return _own_name(source, node.id), source


def _own_name(source: Source, name: str) -> Meaning:
    units = source.by_name.get(name, ())
    if not units:
        return ("builtins", name) if hasattr(builtins, name) else _from_star(source, name)
    unit = units[-1]
    if isinstance(unit.node, ast.ImportFrom):
        alias = import_of(unit, name)
        return (unit.node.module or "", alias.name) if alias else None
    if isinstance(unit.node, ast.Assign) and len(unit.node.targets) == 1 and _is_hint(unit.node.value):
        return unit.node.value
    if isinstance(unit.node, ast.AnnAssign) and unit.node.value is not None and _is_hint(unit.node.value):
        return unit.node.value
    return None


def _attribute(reach: Reach, source: Source, node: ast.Attribute, depth: int) -> tuple[Meaning, Source]:
    if not isinstance(node.value, ast.Name):
        dotted = ast.unparse(node.value)
        return ((dotted, node.attr) if dotted == "collections.abc" else None), source
    own = reach.spaces.get((source, node.value.id))
    if own is not None:
        return _meaning(reach, own, ast.Name(node.attr, ast.Load()), depth + 1)
    for unit in source.by_name.get(node.value.id, ()):
        alias = import_of(unit, node.value.id)
        if isinstance(unit.node, ast.Import) and alias is not None:
            return (alias.name if alias.asname else alias.name.split(".")[0], node.attr), source
        if isinstance(unit.node, ast.ImportFrom) and alias is not None:
            return (f"{unit.node.module}.{alias.name}", node.attr), source
    return None, source


def _from_star(source: Source, name: str) -> Meaning:
    for unit in source.star_imports():
        if isinstance(unit.node, ast.ImportFrom) and unit.node.module in ("typing", "typing_extensions"):
            return unit.node.module, name
    return None


def _is_hint(node: ast.expr) -> bool:
    """True if an assigned value reads like a type: `list[str]`, `int | None`, `Path`, `None`, `"Path"`."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and _is_hint(node.left) and _is_hint(node.right)
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) or (
        isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str))
    )
