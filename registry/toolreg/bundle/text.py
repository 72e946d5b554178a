"""Source text by syntax node: segments and edits, with every string left as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from toolreg.contract.walk import nodes_of


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the text between two offsets (characters of the whole file)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, eq=False)
class SourceText:
    """The text of one file, addressed the way `ast` addresses it (lines from 1, columns in UTF-8 bytes)."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Lines as the parser counts them: only \\n, \\r\\n and \\r end one."""
        return _lines(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line))
        return starts

    def offset(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        inside = column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + inside

    def line_start(self, line: int) -> int:
        return self._starts[min(line, len(self._starts)) - 1]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The offsets of a node that has a place."""
        start = self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return start, self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def segment(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def slice(self, first: int, last: int, edits: Iterable[Edit] = ()) -> str:
        """Lines `first` to `last`, both included, with the edits that fall into them."""
        start, end = self._starts[first - 1], self._starts[min(last, len(self.lines))]
        return self.between(start, end, edits)

    def between(self, start: int, end: int, edits: Iterable[Edit] = ()) -> str:
        parts, at = [], start
        for edit in sorted(set(edits)):
            if edit.start < at or edit.end > end:
                continue
            parts += [self.text[at : edit.start], edit.text]
            at = edit.end
        return "".join([*parts, self.text[at:end]])


def _lines(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        ends = [i for i in (text.find("\n", at), text.find("\r", at)) if i >= 0]
        if not ends:
            break
        stop = min(ends) + (2 if text.startswith("\r\n", min(ends)) else 1)
        found.append(text[at:stop])
        at = stop
    return [*found, text[at:]] if at < len(text) or not found else found


def string_lines(node: ast.AST) -> frozenset[int]:
    """Lines of the file that begin inside a string of this node; their first characters are content."""
    inside: set[int] = set()
    for child in nodes_of(node):
        is_text = isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, (str, bytes))
        )
        if is_text and child.end_lineno and child.end_lineno > child.lineno:  # type: ignore[attr-defined]
            inside.update(range(child.lineno + 1, child.end_lineno + 1))  # type: ignore[attr-defined]
    return frozenset(inside)
