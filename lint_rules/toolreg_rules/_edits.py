"""Edits that several rules make."""

from __future__ import annotations

import ast

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Place


def add_keyword(tool: ToolSource, call: ast.Call, text: str) -> Fix | None:
    """`f(a)` -> `f(a, text)`; None where the call's end cannot be told from its last line."""
    line, column = call.end_lineno or call.lineno, (call.end_col_offset or 1) - 1
    last = tool.module.lines[line - 1].encode() if line <= len(tool.module.lines) else b""
    if last[column : column + 1] != b")" or any(k.arg is None for k in call.keywords):
        return None
    given = [*call.args, *(k.value for k in call.keywords)]
    if not given:
        return Fix(f"Pass {text}", (Edit(Place(line, column, line, column), text),))
    end = max(given, key=lambda n: (n.end_lineno or 0, n.end_col_offset or 0))
    if any(isinstance(a, ast.GeneratorExp) for a in given):
        return None
    at_line, at = end.end_lineno or line, end.end_col_offset or 0
    # A parenthesised last argument ends before its bracket: then only the call's own end is sure.
    between = last[at:column] if at_line == line else None
    if between is None or between.strip(b" ,"):
        return None
    comma = "" if between.strip() else ", "
    if between.strip():
        return Fix(
            f"Pass {text}",
            (Edit(Place(line, column, line, column), f" {text}" if not between.endswith(b" ") else text),),
        )
    return Fix(f"Pass {text}", (Edit(Place(line, at, line, at), f"{comma}{text}"),))
