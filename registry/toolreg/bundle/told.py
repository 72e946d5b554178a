"""`__source__` held to the code it stands for.

smolagents saves a loaded tool, and sends it to remote executors, by its `__source__` rather than by what runs. Other code
could hide there. So it is made again from the file above it and compared, by everybody who takes a published file.
Syntax trees are compared, not texts: Python versions write the same code differently.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.bundle.again import COMMENT, CannotSaveAgain, second_pass
from toolreg.errors import BundleError

_NAME = "__source__"
HINT = "it was changed by hand, or made by another version of toolreg: build it again from its source"


def plain_code(code: str, entry: str) -> str:
    """A file without its second telling. Raises BundleError, with the line, where that is other code than the file's."""
    head, comment, tail = code.rpartition(COMMENT)
    if not comment:
        head, tail = code, ""
    for node in mentions(ast.parse(head)):
        raise _tampered(
            getattr(node, "lineno", 0), "sets `__source__`, which smolagents would run in place of the code"
        )
    if not comment:
        return code
    line = head.count("\n") + comment.count("\n") + 1
    try:
        made = second_pass(head, entry).removeprefix(COMMENT)
    except (CannotSaveAgain, StopIteration) as error:
        raise _tampered(line, "has a `__source__` for code that smolagents cannot save") from error
    if _read(tail) != _read(made):
        raise _tampered(line, "its `__source__` is other code than its class")
    return head


def mentions(tree: ast.AST) -> Iterator[ast.AST]:
    """Every place that names `__source__`: as an attribute, a variable, a keyword or a text."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str() as name):
                found = name == _NAME
            case ast.Constant(value=str() as name):
                found = name == _NAME
            case _:
                found = False
        if found:
            yield node


def _read(text: str) -> list[tuple[str, str]]:
    """(what is set, the code it is set to) of each line of a second telling."""
    try:
        return [_one(statement) for statement in ast.parse(text).body]
    except (SyntaxError, ValueError):
        return [("", text)]


def _one(statement: ast.stmt) -> tuple[str, str]:
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
        told = statement.value.value
        targets = " = ".join(ast.dump(t) for t in statement.targets)
        return targets, ast.dump(ast.parse(told)) if isinstance(told, str) else ast.dump(statement.value)
    return "", ast.dump(statement)


def _tampered(line: int, text: str) -> BundleError:
    return BundleError(f"it {text.removeprefix('it ')}", reasons=[(line, text)], hint=HINT, line=line)
