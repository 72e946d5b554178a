"""Rules that compare the tools of a whole run with each other."""

from __future__ import annotations

from collections.abc import Sequence

from toolreg.lint.api import Rule, Summary
from toolreg.lint.finding import Finding
from toolreg.lint.judge import project_findings
from toolreg.lint.packs import load_rules
from toolreg.lint.settings import LintConfig

Seen = tuple[str, str, int, int, int, int, str]


def compare(tools: Sequence[Seen], rules: Sequence[Rule], config: LintConfig) -> list[Finding]:
    """Findings of the project-wide rules over (path, name, place, words) of each tool."""
    summaries = [Summary(t[0], t[1], t[2:6], t[6]) for t in tools]
    return list(project_findings(rules or load_rules(config.packs), summaries))
