"""`# toolreg: ignore[CODE] reason (until DATE, by NAME)`: on the line it speaks of, or alone on the line above.

The reason is required, the fields in brackets are not. What has ended or hides nothing is reported, and what is
hidden stays in every report.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from toolreg.contract.source import Module
from toolreg.lint.api import Rule
from toolreg.lint.finding import DOCS, Finding, TextEdit, TextFix
from toolreg.lint.lines import line_starts
from toolreg.lint.waiver import read_waiver, today

UNUSED, NO_REASON, UNKNOWN = "TRG001", "TRG002", "TRG003"

_COMMENT = re.compile(r"#\s*toolreg:\s*ignore\b(?:\s*\[(?P<codes>[^\]]*)\])?(?P<reason>[^#]*)")
# What begins like one and is none is reported, so that nobody believes that it hides something.
_OTHER = re.compile(r"#\s*toolreg:(?P<codes>)(?P<reason>)[^#]*")
_CODE = re.compile(r"(?:ruff:)?[A-Z]+[0-9]*\Z")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: where it stands (1-based line, character columns), what it hides and why."""

    line: int
    start: int
    end: int
    applies: int
    codes: tuple[str, ...]
    reason: str

    @property
    def until(self) -> date | None:
        """The last day on which it holds; None for ever."""
        return read_waiver(self.reason).until

    @property
    def void(self) -> str:
        """Why it hides nothing, whatever it names; "" where it may."""
        waiver = read_waiver(self.reason)
        if waiver.problem or not waiver.reason:
            return waiver.problem or "gives no reason, so it hides nothing; write why after the bracket"
        if waiver.ended(today()):
            return f"ended on {waiver.until}, so it hides nothing any more; look at it again"
        return ""


def suppressions(text: str) -> list[Suppression]:
    """Every suppression comment of a file; strings that look like one are none."""
    if "toolreg:" not in text:
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text, newline=None).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    code_lines = {t.start[0] for t in tokens if t.type not in _BLANK}
    return [s for t in tokens if t.type == tokenize.COMMENT and (s := _read(t, code_lines))]


_BLANK = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def _read(token: tokenize.TokenInfo, code_lines: set[int]) -> Suppression | None:
    match = _COMMENT.search(token.string) or _OTHER.search(token.string)
    if match is None:
        return None
    line, column = token.start
    applies = line if line in code_lines else min((n for n in code_lines if n > line), default=line)
    codes = tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip())
    return Suppression(
        line, column + match.start(), column + match.end(), applies, codes, match["reason"].strip(" \t:-")
    )


def suppress(module: Module, findings: Sequence[Finding], rules: Sequence[Rule]) -> list[Finding]:
    """Mark what comments hide; add findings about the comments themselves."""
    comments = suppressions(module.text)
    if not comments:
        return list(findings)
    known = {rule.code for rule in rules}
    levels = {rule.code: (rule.name, str(rule.severity)) for rule in rules}
    used: set[tuple[int, str]] = set()
    marked = [_marked(f, comments, used) for f in findings]
    about = [
        _about(module, *entry, levels)
        for c in comments
        for entry in _complaints(c, used, known)
        if entry[1] in levels
    ]
    return sorted(marked + about, key=Finding.order)


def _marked(finding: Finding, comments: list[Suppression], used: set[tuple[int, str]]) -> Finding:
    for comment in comments:
        if (
            not comment.void
            and finding.line <= comment.applies <= _last_line(finding)
            and finding.code in comment.codes
        ):
            used.add((comment.line, finding.code))
            return finding.but(suppressed=comment.reason)
    return finding


def _last_line(finding: Finding) -> int:
    return max(finding.end_line, finding.line)


def _complaints(
    comment: Suppression, used: set[tuple[int, str]], known: set[str]
) -> Iterator[tuple[Suppression, str, str]]:
    if not comment.codes:
        yield comment, NO_REASON, "names no rule; write `# toolreg: ignore[CODE] reason`"
    elif comment.void:
        yield comment, NO_REASON, comment.void
    for code in comment.codes:
        if code.startswith("ruff:"):
            continue
        if code not in known:
            yield comment, UNKNOWN, f"'{code}' is no rule's code; `toolreg rule --all` lists them"
        elif not comment.void and (comment.line, code) not in used:
            yield comment, UNUSED, f"hides nothing: {code} finds nothing here"


def _about(
    module: Module, comment: Suppression, code: str, message: str, levels: dict[str, tuple[str, str]]
) -> Finding:
    name, severity = levels[code]
    fix = (
        TextFix("Remove the comment", [_removal(module, comment)], safe=True)
        if code == UNUSED and len(comment.codes) == 1
        else None
    )
    source = module.lines[comment.line - 1]
    place = (comment.line, comment.start + 1, comment.line, comment.end + 1)
    return Finding(
        module.path,
        *place,
        code,
        name,
        f"suppression {message}",
        severity,
        "",
        fix,
        f"{DOCS}{code}.md",
        None,
        source,
    )


def _removal(module: Module, comment: Suppression) -> TextEdit:
    line = module.lines[comment.line - 1]
    starts = line_starts(module.text)
    start = starts[comment.line - 1]
    before = line[: comment.start]
    if not before.strip():  # the comment stands alone: take the whole line
        end = starts[comment.line] if comment.line < len(starts) else len(module.text)
        return TextEdit(start, end, "")
    return TextEdit(start + len(before.rstrip()), start + comment.end, "")
