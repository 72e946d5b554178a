"""The rows of a result: plain JSON, one of a tool and one of a finding."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING

from toolreg.audit.items import Item, Row
from toolreg.contract import spec_of
from toolreg.errors import ToolregError
from toolreg.lint.tokens import described_words

if TYPE_CHECKING:
    from toolreg.contract import Module
    from toolreg.lint.finding import Finding
    from toolreg.verdict import Report, Verdict

# The files of a result.
TOOLS, FINDINGS, SUMMARY = "tools.jsonl", "findings.jsonl", "summary.json"
LONGEST = 4000  # characters of a description; a stranger's file may hold a book
MOST = 200  # entries of a list, for the same reason


def tool_row(report: Report, verdict: Verdict, item: Item) -> Row:
    """Everything that is known of one tool.

    clean: nothing speaks against it and nothing is open, only it was not tried.
    """
    tool, spec = report.tool, spec_of(report.tool)
    return {
        "tool": tool.name,
        "path": item.label,
        "line": tool.line,
        "sha256": item.sha256,
        "origin": dict(item.origin),
        "summary": cut(tool.docstring.summary, 300),
        "description": cut(spec.description),
        "described": cut(described_words(tool), 1000),
        "inputs": plain(spec.inputs),
        "output_type": spec.output_type,
        "verdict": str(verdict.status),
        "tried": report.trial is not None,
        "clean": verdict.status == "INCOMPLETE" and report.trial is None and len(verdict.reasons) == 1,
        "reasons": [
            {"line": r.line, "text": cut(r.text, 500), "hint": r.hint} for r in verdict.reasons[:MOST]
        ],
        **_effects(report),
        "hints": asdict(report.hints),
        "findings": _counts(report.findings),
        "requirements": [str(r) for r in report.bundle.requirements] if report.bundle else [],
        "refusals": [{"line": line, "reason": reason} for line, reason in report.refusals[:MOST]],
        "cases": _cases(report),
    }


def finding_row(finding: Finding, item: Item) -> Row:
    """A finding as lint writes it, at its place in the target."""
    return {**finding.to_json(), "path": item.label, "sha256": item.sha256}


def error_row(error: ToolregError, label: str) -> Row:
    """Why a file was not judged."""
    kind, line = type(error).__name__, error.line
    return {
        "path": label,
        "line": line,
        "error": kind,
        "message": cut(error.message, 500),
        "hint": error.hint,
    }


def cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[:most] + "…"


def plain(value: object) -> object:
    """A literal of a stranger's file as JSON: other values become text, and nothing is endless."""
    match value:
        case str():
            return cut(value)
        case bool() | int() | None:
            return value if not isinstance(value, int) or abs(value) < 1 << 63 else str(value)[:80]
        case dict():
            return {cut(str(key), 200): plain(item) for key, item in list(value.items())[:MOST]}
        case list() | tuple():
            return [plain(item) for item in value[:MOST]]
        case float() if isfinite(value):
            return value
    return cut(repr(value), 200)


def _effects(report: Report) -> Row:
    inference, where = report.inference, _Where(report.tool.module)
    return {
        "declared": None if report.declared is None else [str(e) for e in report.declared],
        "inferred": [
            {"effect": str(e.effect), **where(e.path, e.line), "via": list(e.via)}
            for e in inference.evidence[:MOST]
        ],
        "unresolved": [
            {**where(u.path, u.line), "reason": cut(u.reason, 300), "kind": u.kind or ""}
            for u in inference.unresolved[:MOST]
        ],
        "open": len(report.open),
        "observed": _observed(report),
        "undeclared": sorted({str(e.effect) for e in inference.undeclared(report.declared or ())}),
    }


def _observed(report: Report) -> list[str]:
    """What the examples did, and whatever any case did beyond what it was granted."""
    if report.trial is None:
        return []
    beyond = {effect for case in report.trial.results for effect in case.beyond}
    return [cut(str(e), 300) for e in sorted({*report.trial.effects, *beyond})][:MOST]


def _cases(report: Report) -> Row | None:
    """How many cases there were, and `played`: kind → [how many of it were played, how many there are]."""
    if report.trial is None:
        return None
    bad = sum(bool(case.failures or case.problems) for case in report.trial.results)
    played = {kind: list(counts) for kind, counts in report.trial.played.items()}
    return {"ran": len(report.trial.results), "failed": bad, "played": played}


def _counts(findings: tuple[Finding, ...]) -> Row:
    counts = Counter("suppressed" if f.suppressed is not None else f.severity for f in findings)
    return {level: counts[level] for level in ("error", "warning", "info", "suppressed")}


class _Where:
    """A line of the tool's file with its text, or of another of the author's files with its name."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def __call__(self, path: str, line: int) -> Row:
        if not _same(path, self.module.path):
            return {"line": line, "file": os.path.basename(path), "code": ""}
        lines = self.module.lines
        return {
            "line": line,
            "file": "",
            "code": cut(lines[line - 1].strip(), 160) if 0 < line <= len(lines) else "",
        }


def _same(one: str, other: str) -> bool:
    return one == other or os.path.abspath(one) == os.path.abspath(other)
