"""For people: each finding with its line, a caret below the place, and what helps."""

from __future__ import annotations

from toolreg.lint.finding import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolreg.lint.finding import Finding
    from toolreg.lint.runner import LintResult

_COLORS = {"error": "31", "warning": "33", "info": "36"}
_WIDTH = 160


def render(result: LintResult, *, color: bool, frames: bool, show: str = "info") -> str:
    parts = [_finding(f, color, frames) for f in result.open if _shown(f, show)]
    return ("\n\n" if frames else "\n").join(parts) + "\n" if parts else ""


def summary(result: LintResult, show: str = "info") -> str:
    """One line: how many findings in how many tools."""
    if not result.tools and result.errors:
        return "nothing was judged"
    found = [f for f in result.open if _shown(f, show)]
    hidden, notes = len(result.findings) - len(result.open), len(result.open) - len(found)
    text = (
        f"{_count(len(found), 'finding')} in {_count(result.tools, 'tool')} of {_count(result.files, 'file')}"
    )
    text += f", {hidden} suppressed" if hidden else ""
    text += f", {_count(notes, 'note')} not shown (--show info)" if notes else ""
    fixable = sum(1 for f in found if f.fix is not None)
    return text + (f"; {fixable} can be mended, see --diff" if fixable else "")


def _shown(finding: Finding, show: str) -> bool:
    return LEVELS.index(finding.severity) >= LEVELS.index(show)


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def statistics(result: LintResult) -> str:
    """Findings by rule, the most frequent first; `[*]` can be mended."""
    counts: dict[tuple[str, str], list[int]] = {}
    for finding in result.open:
        entry = counts.setdefault((finding.code, finding.name), [0, 0])
        entry[0] += 1
        entry[1] += finding.fix is not None
    rows = sorted(counts.items(), key=lambda row: (-row[1][0], row[0]))
    width = max((len(str(n)) for _, (n, _) in rows), default=0)
    return "".join(
        f"{n:>{width}}  {code:<8} {'[*]' if fixable else '   '} {name}\n"
        for (code, name), (n, fixable) in rows
    )


def _finding(finding: Finding, color: bool, frames: bool) -> str:
    code = f"\x1b[1;{_COLORS[finding.severity]}m{finding.code}\x1b[0m" if color else finding.code
    head = f"{_printable(finding.path)}:{finding.line}:{finding.column}: {code} {_printable(finding.message)}"
    if not frames or not finding.source.strip():
        return head
    lines = [
        head,
        *_frame(finding, color),
        f"   = {finding.severity}: {finding.name}"
        + (f" in tool '{_printable(finding.tool)}'" if finding.tool else ""),
    ]
    if finding.fix is not None:
        lines.append(
            f"   = help: {finding.fix.message} ({'--fix' if finding.fix.safe else '--fix --unsafe-fixes'})"
        )
    return "\n".join(lines)


def _frame(finding: Finding, color: bool) -> list[str]:
    line = finding.source.replace("\t", " ")
    last = finding.end_column - 1 if finding.end_line == finding.line else len(line.rstrip())
    source, start, end = _printable(line), _shown_at(line, finding.column - 1), _shown_at(line, last)
    if start > _WIDTH // 2:  # keep the place in sight on a very long line
        cut = start - _WIDTH // 4
        source, start, end = "…" + source[cut:], start - cut + 1, end - cut + 1
    source = source[:_WIDTH]
    number = str(finding.line)
    caret = "^" * max(1, min(end, _WIDTH) - start)
    if color:
        caret = f"\x1b[{_COLORS[finding.severity]}m{caret}\x1b[0m"
    pad = " " * len(number)
    return [f"{pad} |", f"{number} | {source}", f"{pad} | {' ' * _columns(source[:start])}{caret}"]


def _shown_at(line: str, at: int) -> int:
    """Where a character stands once what does not print is spelled out."""
    return len(_printable(line[: max(at, 0)]))


def _columns(text: str) -> int:
    """Columns that a terminal takes: ideographs and emoji take two, accents none."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _printable(text: str) -> str:
    """Text that cannot steer the terminal or hide: what does not print is shown as its code point."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
