"""Class attributes as they are meant: constants of the file followed, mappings put together."""

from __future__ import annotations

import ast

from toolreg.contract.once import once
from toolreg.contract.source import Module, ToolSource

Entry = tuple[ast.expr, dict[str, ast.expr]]


@once
def top_level(module: Module) -> dict[str, ast.expr]:
    """What the top level of a file assigns to each name; the last assignment counts."""
    found: dict[str, ast.expr] = {}
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    found[target.id] = node.value
    return found


def meant(tool: ToolSource, node: ast.expr | None) -> ast.expr | None:
    """The expression that a name of the file's top level stands for; any other as it is."""
    for _ in range(4):
        if not isinstance(node, ast.Name) or node.id not in top_level(tool.module):
            break
        node = top_level(tool.module)[node.id]
    return node


def text_of(tool: ToolSource, node: ast.expr | None, depth: int = 0) -> str | None:
    """The text of a literal, of literals put together, or of a constant of the file; None where it is computed."""
    node = meant(tool, node)
    if depth > 20:
        return None
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, other = text_of(tool, left, depth + 1), text_of(tool, right, depth + 1)
            return one + other if one is not None and other is not None else None
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=int() as times)):
            one = text_of(tool, left, depth + 1)
            return one * min(times, 10_000) if one is not None else None
        case ast.JoinedStr(values=values) if all(isinstance(v, ast.Constant) for v in values):
            return "".join(str(v.value) for v in values if isinstance(v, ast.Constant))
        case ast.Call(func=ast.Attribute(value=value, attr="strip" | "lstrip" | "rstrip"), args=[]):
            one = text_of(tool, value, depth + 1)
            return one.strip() if one is not None else None
        case ast.Call(
            func=ast.Name(id="dedent" | "cleandoc") | ast.Attribute(attr="dedent" | "cleandoc"), args=[value]
        ):
            return text_of(tool, value, depth + 1)
    return None


@once
def set_in_init(tool: ToolSource) -> frozenset[str]:
    """What a class has besides its attributes: set in `__init__`, where smolagents looks for it after, or a property."""
    init = tool.method("__init__") if tool.form == "class" else None
    written = [
        n.attr
        for n in (ast.walk(init) if init else ())
        if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
    ]
    owners = (tool.node, *tool.bases) if tool.form == "class" else ()
    methods = [
        d.name for o in owners for d in o.body if isinstance(d, ast.FunctionDef) and d.name != "forward"
    ]
    return frozenset(written + methods)


@once
def inputs_of(tool: ToolSource) -> dict[str, Entry] | None:
    """`inputs` of a class: name -> (its key, entries by key). None where it cannot be read off the file."""
    pairs = _mapping(tool, tool.attribute("inputs"), 0)
    if pairs is None:
        return None
    found: dict[str, Entry] = {}
    for name, key, value in pairs:
        entries = _entries(tool, value)
        if entries is None:
            return None
        found[name] = (key, entries)
    return found


def _entries(tool: ToolSource, value: ast.expr) -> dict[str, ast.expr] | None:
    """What an input says of itself; nothing where a bare text stands for it."""
    if isinstance(value, ast.Constant):
        return {}
    pairs = _mapping(tool, value, 0)
    return None if pairs is None else {name: meant(tool, node) or node for name, _, node in pairs}


def _mapping(
    tool: ToolSource, node: ast.expr | None, depth: int
) -> list[tuple[str, ast.expr, ast.expr]] | None:
    """(key, where it stands, value) of a dict, a call of `dict`, or two of them put together; None if unknown."""
    node = meant(tool, node)
    if depth > 6:
        return None
    if isinstance(node, ast.Dict):
        return _joined(tool, [(k, v) for k, v in zip(node.keys, node.values, strict=True)], depth)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        words = [(_written(k), k.value) for k in node.keywords]
        return _joined(tool, [(None, a) for a in node.args] + words, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _joined(tool, [(None, node.left), (None, node.right)], depth)
    return None


def _written(word: ast.keyword) -> ast.expr | None:
    return ast.copy_location(ast.Constant(word.arg), word) if word.arg else None


def _joined(
    tool: ToolSource, pairs: list[tuple[ast.expr | None, ast.expr]], depth: int
) -> list[tuple[str, ast.expr, ast.expr]] | None:
    """The pairs, those without a key (`**base`) replaced by what they hold."""
    found: list[tuple[str, ast.expr, ast.expr]] = []
    for key, value in pairs:
        key = meant(tool, key)
        if key is None:
            inner = _mapping(tool, value, depth + 1)
            if inner is None:
                return None
            found += inner
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.append((key.value, key, value))
        else:
            return None
    return found
