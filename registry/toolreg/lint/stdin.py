"""Judging text that is not in a file: an editor's buffer, standard input."""

from __future__ import annotations

from collections.abc import Sequence

from toolreg.lint.finding import Finding
from toolreg.lint.judge import judge_bytes
from toolreg.lint.packs import load_rules
from toolreg.lint.project import Seen, compare
from toolreg.lint.runner import LintResult, nothing_judged
from toolreg.lint.selection import Selection, require_rules
from toolreg.lint.settings import LintConfig


def lint_bytes(data: bytes, name: str, config: LintConfig) -> LintResult:
    """Judge one file's bytes under a name, its tools compared with each other; ruff's rules are left out."""
    result, tools = judge_text(data, name, config)
    findings = result.findings + compared(tools, (), config)
    return LintResult(sorted(findings, key=Finding.order), 1, result.tools, result.errors, 1, config.fail_on)


def judge_text(data: bytes, name: str, config: LintConfig) -> tuple[LintResult, list[Seen]]:
    """What one text says by itself, and what its tools are compared by."""
    require_rules(config)
    outcome = judge_bytes(name, data, load_rules(config.packs))
    errors = (
        [outcome.error]
        if outcome.error
        else []
        if outcome.tools or config.allow_no_tools
        else [nothing_judged(name)]
    )
    findings = sorted(Selection(config).apply(outcome.findings), key=Finding.order)
    tools = [(name, *tool) for tool in outcome.tools]
    return LintResult(findings, 1, len(tools), errors, 1, config.fail_on), tools


def compared(tools: Sequence[Seen], beside: Sequence[Seen], config: LintConfig) -> list[Finding]:
    """Findings on tools that are too much like each other, or like those beside them."""
    if len(tools) + len(beside) < 2 or not tools:
        return []
    found = compare([*beside, *tools], (), config)
    return Selection(config).apply(f for f in found if f.path == tools[0][0])
