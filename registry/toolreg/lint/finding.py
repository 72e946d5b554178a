"""What a rule found, where, and what may be done about it.

Plain classes with slots: `dataclasses` costs more than a whole run over an unchanged project.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LEVELS = ("info", "warning", "error")
DOCS = "https://github.com/smolagents-toolreg/toolreg/blob/main/docs/rules/"


class TextEdit:
    """Replace the characters start..end (offsets into the decoded file) by content."""

    __slots__ = ("content", "end", "start")

    def __init__(self, start: int, end: int, content: str) -> None:
        self.start, self.end, self.content = start, end, content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TextEdit) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def __repr__(self) -> str:
        return f"TextEdit({self.start}, {self.end}, {self.content!r})"

    def key(self) -> tuple[int, int, str]:
        return (self.start, self.end, self.content)


class TextFix:
    """Edits that mend a finding. safe: the tool means the same afterwards."""

    __slots__ = ("edits", "message", "safe")

    def __init__(self, message: str, edits: Sequence[TextEdit], safe: bool) -> None:
        self.message, self.edits, self.safe = message, tuple(edits), safe

    def __repr__(self) -> str:
        return f"TextFix({self.message!r}, {self.edits!r}, safe={self.safe})"

    def to_json(self) -> dict[str, Any]:
        edits = [{"start": e.start, "end": e.end, "content": e.content} for e in self.edits]
        return {"applicability": "safe" if self.safe else "unsafe", "message": self.message, "edits": edits}


class Finding:
    """One finding. Lines and columns are 1-based characters; `end_column` is exclusive.

    tool: the tool's name, or "" where it belongs to the file. suppressed: the author's reason, or None.
    source: the line of the file it points at, kept so that reports show what was judged.
    """

    __slots__ = (
        "code", "column", "end_column", "end_line", "fix", "line", "message", "name", "path", "severity", "source", "suppressed", "tool", "url",
    )  # fmt: skip

    def __init__(
        self,
        path: str,
        line: int,
        column: int,
        end_line: int,
        end_column: int,
        code: str,
        name: str,
        message: str,
        severity: str,
        tool: str = "",
        fix: TextFix | None = None,
        url: str = "",
        suppressed: str | None = None,
        source: str = "",
    ) -> None:
        self.path, self.line, self.column, self.end_line, self.end_column = (
            path,
            line,
            column,
            end_line,
            end_column,
        )
        self.code, self.name, self.message, self.severity = code, name, message, severity
        self.tool, self.fix, self.url, self.suppressed, self.source = tool, fix, url, suppressed, source

    def __repr__(self) -> str:
        return f"Finding({self.path}:{self.line}:{self.column}: {self.code} {self.message})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Finding)
            and self.to_json() == other.to_json()
            and self.suppressed == other.suppressed
        )

    def __hash__(self) -> int:
        return hash(self.order())

    def order(self) -> tuple[str, int, int, str, str]:
        return (self.path, self.line, self.column, self.code, self.message)

    def but(self, **changes: object) -> Finding:
        """A copy with some fields changed."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return Finding(**{**values, **changes})

    def to_json(self) -> dict[str, Any]:
        names = (
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "code",
            "name",
            "message",
            "severity",
            "tool",
        )
        found: dict[str, Any] = {name: getattr(self, name) for name in names}
        found["fix"] = self.fix.to_json() if self.fix else None
        found["url"] = self.url
        if self.suppressed is not None:
            found["suppressed"] = self.suppressed
        return found
