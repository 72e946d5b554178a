"""Judging text that is not in a file: an editor's buffer, standard input."""

from __future__ import annotations

from toolreg.lint.finding import Finding
from toolreg.lint.judge import judge_bytes
from toolreg.lint.packs import load_rules
from toolreg.lint.runner import LintResult, nothing_judged
from toolreg.lint.selection import Selection, require_rules
from toolreg.lint.settings import LintConfig


def lint_bytes(data: bytes, name: str, config: LintConfig) -> LintResult:
    """Judge one file's bytes under a name; ruff's rules are left out."""
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
    return LintResult(findings, 1, len(outcome.tools), errors, 1, config.fail_on)
