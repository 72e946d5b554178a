"""What a name in an annotation stands for, followed through imports and aliases of the author's files."""

from __future__ import annotations

import ast
import builtins

from toolreg.bundle.hints import Meaning
from toolreg.bundle.reach import Reach
from toolreg.bundle.units import Source, import_of


def meaning(reach: Reach, source: Source, node: ast.expr, depth: int = 0) -> Meaning:
    """("typing", "List"), an expression that the name is an alias of, or None for a class or something unknown."""
    if depth > 20:
        return None
    if isinstance(node, ast.Attribute):
        return _attribute(reach, source, node, depth)
    if not isinstance(node, ast.Name):
        return None
    linked = reach.links.get((source, node.id))
    if linked is not None:
        return meaning(reach, linked[0], ast.Name(linked[1], ast.Load()), depth + 1)
    units = source.by_name.get(node.id, ())
    if not units:
        return ("builtins", node.id) if hasattr(builtins, node.id) else _from_star(source, node.id)
    unit = units[-1]
    if isinstance(unit.node, ast.ImportFrom):
        alias = import_of(unit, node.id)
        return (unit.node.module or "", alias.name) if alias else None
    if isinstance(unit.node, ast.Assign) and len(unit.node.targets) == 1 and _is_hint(unit.node.value):
        return unit.node.value
    if isinstance(unit.node, ast.AnnAssign) and unit.node.value is not None and _is_hint(unit.node.value):
        return unit.node.value
    return None


def _attribute(reach: Reach, source: Source, node: ast.Attribute, depth: int) -> Meaning:
    if not isinstance(node.value, ast.Name):
        dotted = ast.unparse(node.value)
        return (dotted, node.attr) if dotted == "collections.abc" else None
    own = reach.spaces.get((source, node.value.id))
    if own is not None:
        return meaning(reach, own, ast.Name(node.attr, ast.Load()), depth + 1)
    for unit in source.by_name.get(node.value.id, ()):
        alias = import_of(unit, node.value.id)
        if isinstance(unit.node, ast.Import) and alias is not None:
            return alias.name if alias.asname else alias.name.split(".")[0], node.attr
        if isinstance(unit.node, ast.ImportFrom) and alias is not None:
            return f"{unit.node.module}.{alias.name}", node.attr
    return None


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
