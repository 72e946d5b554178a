"""Mending findings: edits are applied to the text they were made for, and nothing else is touched.

Overlapping edits wait for the next round; rounds go on until nothing more can be mended, so that a second
run changes nothing.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolreg.contract.files import read_bytes
from toolreg.errors import ToolregError
from toolreg.lint.api import Rule
from toolreg.lint.finding import Finding, TextEdit
from toolreg.lint.fresh import can_hold_a_tool
from toolreg.lint.judge import judge_bytes, unsuppressed
from toolreg.lint.packs import load_rules
from toolreg.lint.runner import LintResult, lint
from toolreg.lint.selection import Selection
from toolreg.lint.settings import LintConfig

ROUNDS = 12
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was or would be mended: how many findings, the unified diff, and the result afterwards."""

    fixed: int
    diff: str
    result: LintResult


def fix_paths(paths: Sequence[str], config: LintConfig, *, unsafe: bool, write: bool) -> Fixed:
    """Mend every file of a run; with write=False only say what would change."""
    first = lint(paths, config)
    rules = load_rules(config.packs)
    changed: dict[str, tuple[bytes, bytes]] = {}
    fixed = 0
    for path in dict.fromkeys(f.path for f in first.open if f.fix is not None):
        before = read_bytes(path)
        after, count = fix_bytes(path, before, rules, config, unsafe=unsafe)
        if after != before:
            changed[path] = (before, after)
            fixed += count
    if not write:
        return Fixed(fixed, "".join(_diff(p, *pair) for p, pair in changed.items()), first)
    for path, (before, after) in changed.items():
        _replace(path, before, after)
    return Fixed(fixed, "", lint(paths, config) if changed else first)


def fix_bytes(
    path: str, data: bytes, rules: Sequence[Rule], config: LintConfig, *, unsafe: bool
) -> tuple[bytes, int]:
    """(the mended bytes, how many findings were mended). What cannot be parsed stays as it is."""
    selection, fixed = Selection(config), 0
    for _ in range(ROUNDS):
        outcome = judge_bytes(path, data, rules) if can_hold_a_tool(data) else None
        if outcome is None or outcome.error is not None:
            break
        findings = [
            f for f in selection.apply(unsuppressed(outcome.findings)) if f.fix and (unsafe or f.fix.safe)
        ]
        after, count = _apply(path, data, findings, rules)
        if after == data:
            break
        data, fixed = after, fixed + count
    return data, fixed


def _apply(path: str, data: bytes, findings: Sequence[Finding], rules: Sequence[Rule]) -> tuple[bytes, int]:
    """One round. A fix after which the file no longer parses is left out."""
    chosen: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for finding in findings:
        spans = [(e.start, e.end) for e in finding.fix.edits] if finding.fix else []
        if spans and not any(_touch(a, b) for a in spans for b in taken):
            chosen.append(finding)
            taken += spans
    while chosen:
        after = edited(data, [e for f in chosen if f.fix for e in f.fix.edits])
        if judge_bytes(path, after, rules[:0]).error is None:
            return after, len(chosen)
        chosen.pop()
    return data, 0


def edited(data: bytes, edits: Iterable[TextEdit]) -> bytes:
    """The bytes with every edit applied; all that is outside them stays byte for byte."""
    bom = _BOM if data.startswith(_BOM) else b""
    text = data[len(bom) :].decode("utf-8")
    for edit in sorted(set(edits), key=TextEdit.key, reverse=True):
        text = text[: edit.start] + edit.content + text[edit.end :]
    return bom + text.encode("utf-8")


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _diff(path: str, before: bytes, after: bytes) -> str:
    old, new = (b.decode("utf-8", "replace").splitlines(keepends=True) for b in (before, after))
    lines = difflib.unified_diff(old, new, path, path)
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


def _replace(path: str, before: bytes, after: bytes) -> None:
    """Write beside and rename, keeping the mode; refuse if somebody changed the file meanwhile."""
    if read_bytes(path) != before:
        raise ToolregError("changed while it was being mended; left alone", path=path, hint="run --fix again")
    real = os.path.realpath(path)
    temporary = f"{real}.{os.getpid()}.toolreg"
    try:
        with open(temporary, "wb") as file:
            file.write(after)
        os.chmod(temporary, os.stat(real).st_mode & 0o7777)
        os.replace(temporary, real)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise ToolregError(
            f"cannot write: {error.strerror}", path=path, hint="check its permissions"
        ) from error
