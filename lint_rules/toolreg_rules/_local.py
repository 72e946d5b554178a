"""What a name or an argument of a call is inside a tool, where the file says it plainly."""

from __future__ import annotations

import ast
from collections import Counter

from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg.lint.walk import nodes
from toolreg_rules._values import top_level


@once
def assigned_once(tool: ToolSource) -> dict[str, ast.expr]:
    """The value of each name that the tool binds once, by an assignment."""
    stores = Counter([n.id for n in nodes(tool, ast.Name) if not isinstance(n.ctx, ast.Load)])
    stores.update([a.arg for a in nodes(tool, ast.arg)])
    found: dict[str, ast.expr] = {}
    for node in nodes(tool, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                found[target.id] = node.value
    for hinted in nodes(tool, ast.AnnAssign):
        if isinstance(hinted.target, ast.Name) and hinted.value is not None:
            found[hinted.target.id] = hinted.value
    for walrus in nodes(tool, ast.NamedExpr):
        found[walrus.target.id] = walrus.value
    return {name: value for name, value in found.items() if stores[name] == 1}


@once
def bound_here(tool: ToolSource) -> frozenset[str]:
    """Names that the tool binds itself, parameters included."""
    stored = [n.id for n in nodes(tool, ast.Name) if not isinstance(n.ctx, ast.Load)]
    return frozenset(stored + [a.arg for a in nodes(tool, ast.arg)])


def value_of(tool: ToolSource, node: ast.expr | None) -> ast.expr | None:
    """What a name stands for, in the tool or at the top of its file; any other expression as it is."""
    for _ in range(5):
        if not isinstance(node, ast.Name):
            break
        known = assigned_once(tool).get(node.id)
        if known is None and node.id not in bound_here(tool):
            known = top_level(tool.module).get(node.id)
        if known is None:
            break
        node = known
    return node


def words_of(tool: ToolSource, call: ast.Call) -> tuple[dict[str, ast.expr], bool]:
    """The keyword arguments of a call, `**{…}` taken apart; and whether there may be more."""
    found: dict[str, ast.expr] = {}
    more = False
    for word in call.keywords:
        if word.arg is not None:
            found[word.arg] = word.value
            continue
        inner = _words(value_of(tool, word.value))
        more = more or inner is None or _is_changed(tool, word.value)
        found.update(inner or {})
    return found, more


def is_value(tool: ToolSource, node: ast.expr | None, value: object) -> bool:
    """True if it is this very constant, by whatever name."""
    known = value_of(tool, node)
    return isinstance(known, ast.Constant) and known.value is value


def _words(node: ast.expr | None) -> dict[str, ast.expr] | None:
    if isinstance(node, ast.Dict):
        pairs = [
            (k.value if isinstance(k, ast.Constant) else None, v)
            for k, v in zip(node.keys, node.values, strict=True)
        ]
        return (
            {k: v for k, v in pairs if isinstance(k, str)}
            if all(isinstance(k, str) for k, _ in pairs)
            else None
        )
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "dict"
        and not node.args
    ):
        words = {k.arg: k.value for k in node.keywords if k.arg is not None}
        return words if len(words) == len(node.keywords) else None
    return None


def _is_changed(tool: ToolSource, node: ast.expr) -> bool:
    """A dict of that name is written to, or handed on, somewhere in the tool."""
    if not isinstance(node, ast.Name):
        return False
    if any(
        isinstance(s.value, ast.Name) and s.value.id == node.id and not isinstance(s.ctx, ast.Load)
        for s in nodes(tool, ast.Subscript)
    ):
        return True
    return any(isinstance(a.value, ast.Name) and a.value.id == node.id for a in nodes(tool, ast.Attribute))
