"""Whether a value is made from a parameter: through names, f-strings, joins and plain assignments."""

from __future__ import annotations

import ast

from toolreg.contract.source import ToolSource
from toolreg.lint.walk import nodes

# What makes a text harmless, or something else than the text that came in.
_CLEANING = frozenset(
    {
        "quote",
        "int",
        "float",
        "bool",
        "len",
        "basename",
        "secure_filename",
        "hash",
        "hexdigest",
        "uuid4",
        "escape",
        "quote_plus",
        "urlencode",
    }
)


def parameter_in(tool: ToolSource, node: ast.expr) -> str:
    """The parameter that a value is made from; "" if none is seen, or if it was cleaned on the way."""
    names = {p.arg for p in tool.parameters}
    assigned = _assignments(tool)
    return _search(node, names, assigned, 0)


def _search(node: ast.expr, names: set[str], assigned: dict[str, list[ast.expr]], depth: int) -> str:
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Call) and _called(part) in _CLEANING:
            continue
        if isinstance(part, ast.Compare | ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp):
            continue
        if isinstance(part, ast.IfExp):
            stack += [part.body, part.orelse]
            continue
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            if part.id in assigned and depth < 4:
                found = next(
                    (
                        f
                        for value in assigned[part.id]
                        if value is not node and (f := _search(value, names - {part.id}, assigned, depth + 1))
                    ),
                    "",
                )
                if found:
                    return found
            elif part.id in names:
                return part.id
        stack += ast.iter_child_nodes(part)
    return ""


def _assignments(tool: ToolSource) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes(tool, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
    for grown in nodes(tool, ast.AugAssign):
        if isinstance(grown.target, ast.Name):
            found.setdefault(grown.target.id, []).append(grown.value)
    return found


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
