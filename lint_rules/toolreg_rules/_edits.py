"""Edits that several rules make."""

from __future__ import annotations

import ast

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Place
from toolreg_rules._draft import newline_of


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
    if at_line != line:
        return _on_own_line(tool, call, end, text)
    # A parenthesised last argument ends before its bracket: then only the call's own end is sure.
    between = last[at:column]
    if between.strip(b" ,"):
        return None
    comma = "" if between.strip() else ", "
    if between.strip():
        return Fix(
            f"Pass {text}",
            (Edit(Place(line, column, line, column), f" {text}" if not between.endswith(b" ") else text),),
        )
    return Fix(f"Pass {text}", (Edit(Place(line, at, line, at), f"{comma}{text}"),))


def _on_own_line(tool: ToolSource, call: ast.Call, end: ast.expr, text: str) -> Fix | None:
    """One more line above the closing bracket, if that stands alone and only commas and comments are between."""
    line, lines = call.end_lineno or call.lineno, tool.module.lines
    closing = lines[line - 1].encode()[: (call.end_col_offset or 1) - 1].decode()
    at_line, at = end.end_lineno or line, end.end_col_offset or 0
    between = [lines[at_line - 1].encode()[at:].decode(), *lines[at_line : line - 1]]
    plain = "".join(part.partition("#")[0].strip() for part in between)
    if closing.strip() or plain not in ("", ","):
        return None
    first = next((k for k in call.keywords if k.value is end), end)
    before = lines[first.lineno - 1].encode()[: first.col_offset].decode()
    indent = before if not before.strip() else closing + ("\t" if closing.endswith("\t") else "    ")
    edits: tuple[Edit, ...] = (Edit(Place(line, 0, line, 0), f"{indent}{text},{newline_of(tool)}"),)
    if not plain:
        edits = (Edit(Place(at_line, at, at_line, at), ","), *edits)
    return Fix(f"Pass {text}", edits)
