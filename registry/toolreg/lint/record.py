"""A file's outcome as one line of text: for the cache and for the pipe from a child process.

Flat text needs no import to read and holds no code, so a cache from elsewhere can do no harm.
"""

from __future__ import annotations

from toolreg.errors import ToolregError
from toolreg.lint.finding import Finding, TextEdit, TextFix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FIELD, FINDING, PART, EDIT = "\t", "\x1d", "\x1e", "\x1f"
_ESCAPES = {
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    FINDING: "\\d",
    PART: "\\e",
    EDIT: "\\f",
    "\x85": "\\x",
    "\u2028": "\\u",
    "\u2029": "\\v",
}
_BACK = {value[1]: key for key, value in _ESCAPES.items()}
_SPECIAL = tuple(_ESCAPES)


DATED = "until"  # in place of a code: the comment holds until a day, so its file is judged anew each time


class Outcome:
    """What judging one file gave. tools: (name, line, column, end line, end column, described words) each.

    comments: suppressions of ruff's findings, and those that end. depends: the other files that it rests on.
    digest: of the bytes that were judged; "" where nobody asked.
    """

    __slots__ = ("comments", "depends", "digest", "error", "findings", "tools")

    def __init__(
        self,
        findings: Sequence[Finding] = (),
        tools: Sequence[tuple[str, int, int, int, int, str]] = (),
        error: ToolregError | None = None,
        comments: Sequence[tuple[int, str, str]] = (),
        depends: Sequence[str] = (),
        digest: str = "",
    ) -> None:
        self.findings, self.tools, self.error, self.comments = (
            list(findings),
            list(tools),
            error,
            list(comments),
        )
        self.depends, self.digest = list(depends), digest

    @property
    def ends(self) -> bool:
        """True if a comment of the file holds only until a day: tomorrow the same bytes may say otherwise."""
        return any(code == DATED for _, code, _ in self.comments)


def escape(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    for char in _SPECIAL:
        if char in text:
            text = text.replace(char, _ESCAPES[char])
    return text


def unescape(text: str) -> str:
    if "\\" not in text:
        return text
    parts = text.split("\\")
    out, index = [parts[0]], 1
    while index < len(parts):
        part = parts[index]
        if part == "":  # an escaped backslash; what follows it is plain
            out.append("\\" + (parts[index + 1] if index + 1 < len(parts) else ""))
            index += 2
            continue
        out.append(_BACK.get(part[0], part[0]) + part[1:])
        index += 1
    return "".join(out)


def write(outcome: Outcome) -> str:
    """One line without a newline."""
    findings = FINDING.join(map(_write_finding, outcome.findings))
    tools = FINDING.join(PART.join((escape(t[0]), *map(str, t[1:5]), escape(t[5]))) for t in outcome.tools)
    comments = FINDING.join(
        PART.join((str(line), escape(code), escape(reason))) for line, code, reason in outcome.comments
    )
    return FIELD.join((outcome.digest, findings, tools, comments, PART.join(map(escape, outcome.depends))))


def read(path: str, line: str) -> Outcome:
    """The outcome of a line. Raises ValueError, IndexError or KeyError where it is no such line."""
    digest, findings, tools, comments, depends = line.split(FIELD)
    plain = "\\" not in line
    return Outcome(
        [_read_finding(path, part, plain) for part in findings.split(FINDING)] if findings else [],
        [_read_tool(part.split(PART)) for part in tools.split(FINDING)] if tools else [],
        None,
        [
            (int(a), unescape(b), unescape(c))
            for a, b, c in (part.split(PART) for part in comments.split(FINDING))
        ]
        if comments
        else [],
        depends_of(depends),
        digest,
    )


def digest_of(line: str) -> str:
    """The digest of the bytes that were judged: the first field of an outcome's line."""
    return line.partition(FIELD)[0]


def depends_of(field: str) -> list[str]:
    """The other files that an outcome rests on: the last field of its line."""
    return [unescape(path) for path in field.split(PART)] if field else []


def _read_tool(parts: list[str]) -> tuple[str, int, int, int, int, str]:
    name, line, column, end_line, end_column, words = parts
    return (unescape(name), int(line), int(column), int(end_line), int(end_column), unescape(words))


def _write_finding(f: Finding) -> str:
    numbers = map(str, (f.line, f.column, f.end_line, f.end_column))
    texts = map(escape, (f.code, f.name, f.message, f.severity, f.tool, f.url, f.source))
    suppressed = "" if f.suppressed is None else "=" + escape(f.suppressed)
    return PART.join((*numbers, *texts, suppressed, _write_fix(f.fix)))


def _write_fix(fix: TextFix | None) -> str:
    if fix is None:
        return ""
    edits = [EDIT.join((str(e.start), str(e.end), escape(e.content))) for e in fix.edits]
    return EDIT.join(("S" if fix.safe else "U", escape(fix.message), *edits))


def _read_finding(path: str, text: str, plain: bool) -> Finding:
    parts = text.split(PART)
    line, column, end_line, end_column = map(int, parts[:4])
    code, name, message, severity, tool, url, source = parts[4:11] if plain else map(unescape, parts[4:11])
    suppressed = unescape(parts[11][1:]) if parts[11] else None
    fix = _read_fix(parts[12]) if parts[12] else None
    return Finding(
        path,
        line,
        column,
        end_line,
        end_column,
        code,
        name,
        message,
        severity,
        tool,
        fix,
        url,
        suppressed,
        source,
    )


def _read_fix(text: str) -> TextFix | None:
    if not text:
        return None
    level, message, *rest = text.split(EDIT)
    edits = [TextEdit(int(rest[n]), int(rest[n + 1]), unescape(rest[n + 2])) for n in range(0, len(rest), 3)]
    return TextFix(unescape(message), edits, level == "S")
