"""Type hints and class attributes as they are meant: aliases, constants and `Annotated` followed to what they stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.contract.once import once
from toolreg.contract.source import Module, ToolSource
from toolreg.lint.walk import nodes
from toolreg_rules._signature import head_of, parts_of, unquoted
from toolreg_rules._values import top_level

_TYPES = ast.Name | ast.Attribute | ast.Subscript | ast.BinOp
# Hints whose members smolagents looks at, one by one.
_CONTAINERS = frozenset({"list", "List", "tuple", "Tuple", "dict", "Dict"})


@once
def hints_of(tool: ToolSource) -> dict[str, ast.expr]:
    """The hint of each parameter, aliases followed and `Annotated` taken off."""
    aliases = _aliases(tool.module)
    return {p.arg: plain(p.annotation, aliases) for p in tool.parameters if p.annotation is not None}


@once
def returns_of(tool: ToolSource) -> ast.expr | None:
    """The hint of the result, in the same way."""
    hint = tool.call.returns if tool.call is not None else None
    return plain(hint, _aliases(tool.module)) if hint is not None else None


def every_part(hint: ast.expr) -> Iterator[ast.expr]:
    """Members of unions and of lists, tuples and dicts, at any depth, containers included."""
    for part in parts_of(hint):
        yield part
        if isinstance(part, ast.Subscript) and head_of(part) in _CONTAINERS:
            inner = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
            for member in inner[1:] if head_of(part) in ("dict", "Dict") else inner:
                if not isinstance(member, ast.Constant) or isinstance(member.value, str):
                    yield from every_part(member)


def plain(hint: ast.expr, aliases: dict[str, ast.expr], depth: int = 0) -> ast.expr:
    """A hint without aliases and `Annotated`; the very node where it has none."""
    hint = unquoted(hint)
    if isinstance(hint, ast.Name):
        alias = aliases.get(hint.id)
        return (
            ast.copy_location(plain(alias, aliases, depth + 1), hint)
            if alias is not None and depth < 6
            else hint
        )
    if isinstance(hint, ast.BinOp):
        left, right = plain(hint.left, aliases, depth), plain(hint.right, aliases, depth)
        return ast.copy_location(ast.BinOp(left, hint.op, right), hint)
    if isinstance(hint, ast.Tuple):
        return ast.copy_location(ast.Tuple([plain(e, aliases, depth) for e in hint.elts], hint.ctx), hint)
    if isinstance(hint, ast.Subscript):
        return _plain_subscript(hint, aliases, depth)
    return hint


def _plain_subscript(hint: ast.Subscript, aliases: dict[str, ast.expr], depth: int) -> ast.expr:
    value = plain(hint.value, aliases, depth)
    if head_of(value) == "Literal":
        return ast.copy_location(ast.Subscript(value, hint.slice, hint.ctx), hint)
    if head_of(value) == "Annotated" and isinstance(hint.slice, ast.Tuple):
        return plain(hint.slice.elts[0], aliases, depth)
    return ast.copy_location(ast.Subscript(value, plain(hint.slice, aliases, depth), hint.ctx), hint)


@once
def _aliases(module: Module) -> dict[str, ast.expr]:
    """`Text = str` and `from typing import List as L`: what such names stand for in a hint."""
    found = {name: value for name, value in top_level(module).items() if isinstance(value, _TYPES)}
    for node in nodes(module, ast.ImportFrom):
        for alias in node.names:
            if alias.asname and alias.asname != alias.name:
                found[alias.asname] = ast.Name(alias.name, ast.Load())
    return {
        name: value for name, value in found.items() if not (isinstance(value, ast.Name) and value.id == name)
    }
