"""Statements of one scope."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Scoped = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def own_statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Statements of a scope, blocks entered, nested scopes not."""
    stack = list(body)
    while stack:
        yield (node := stack.pop())
        if not isinstance(node, Scoped):
            stack.extend(
                c
                for c in ast.iter_child_nodes(node)
                if isinstance(c, (ast.stmt, ast.excepthandler, ast.match_case))
            )
