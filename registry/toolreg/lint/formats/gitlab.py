"""GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json

from toolreg.lint.formats.fingerprint import fingerprints
from toolreg.lint.runner import LintResult

_LEVELS = {"error": "critical", "warning": "minor", "info": "info"}


def render(result: LintResult) -> str:
    prints = fingerprints(result.open)
    issues = [
        {
            "type": "issue",
            "check_name": f.code,
            "description": f"{f.code} {f.name}: {f.message}",
            "severity": _LEVELS[f.severity],
            "fingerprint": prints[n],
            "location": {"path": f.path.removeprefix("./"), "lines": {"begin": f.line, "end": f.end_line}},
        }
        for n, f in enumerate(result.open)
    ]
    return json.dumps(issues, indent=2) + "\n"
