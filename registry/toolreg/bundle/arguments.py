"""Arguments that an author builds a tool with: their values where the file says them, and secrets among them."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from typing import Any

from toolreg.bundle.units import Source

_SECRET = re.compile(
    r"(api_?key|secret|passw(or)?d|token|credential|private_?key|access_?key|(^|_)auth|bearer)", re.I
)
_NO_SECRET = re.compile(
    r"(max|min|num|n|total|limit|count)_.*tokens?$|_tokens$|^tokens$|auth(or|ority)", re.I
)
_LOOKS_SECRET = re.compile(
    r"(sk-|hf_|ghp_|gho_|github_pat_|xox[abp]-|AKIA|AIza|eyJ)[\w-]{8,}|://[^/\s:@]+:[^/\s@]+@"
)


def known(source: Source, node: ast.expr) -> ast.expr | None:
    """The expression as a literal, names of the file's constants replaced by their values; None if it is none."""
    told: ast.expr = _Constants(source).visit(copy.deepcopy(node))
    try:
        ast.literal_eval(told)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    ast.fix_missing_locations(ast.copy_location(told, node))
    return told


def text_of(source: Source, node: ast.expr) -> str:
    """An argument as it is published: in the author's words, or as the literal that its names stand for."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        value = known(source, node)
        return ast.unparse(value) if value is not None else source.text.segment(node)
    return source.text.segment(node)


def is_secret(name: str, value: Any) -> bool:
    """True if an argument, or anything inside it, looks like a key or a password."""
    if isinstance(value, dict):
        return any(is_secret(k if isinstance(k, str) else "", v) for k, v in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(is_secret(name, part) for part in value)
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str) or not value:
        return False
    named = bool(_SECRET.search(name)) and not _NO_SECRET.search(name)
    return named or bool(_LOOKS_SECRET.search(value))


def value_of(source: Source, name: str) -> ast.expr | None:
    """The expression that a file binds a name to, once and for good."""
    return next(_value(source, name), None)


class _Constants(ast.NodeTransformer):
    """Names that a file binds once, to a literal that nothing changes, become that literal."""

    def __init__(self, source: Source, depth: int = 0) -> None:
        self.source, self.depth = source, depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = next(_value(self.source, node.id), None)
        if value is None or self.depth > 20:
            return node
        told: ast.expr = _Constants(self.source, self.depth + 1).visit(copy.deepcopy(value))
        return told


def _value(source: Source, name: str) -> Iterator[ast.expr]:
    units = source.by_name.get(name, ())
    if len(units) != 1 or name in source.rebound or any(name in u.changes for u in source.units):
        return
    if any(name in names for names in source.writers.values()):
        return
    value = getattr(units[0].node, "value", None)
    if isinstance(units[0].node, (ast.Assign, ast.AnnAssign)) and value is not None:
        targets = getattr(units[0].node, "targets", [ast.Name(name)])
        if [type(t) for t in targets] == [ast.Name]:
            yield value
