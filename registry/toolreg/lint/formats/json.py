"""For programs: {"findings", "suppressed", "errors", "files", "tools"}."""

from __future__ import annotations

import json

from toolreg.lint.runner import LintResult


def render(result: LintResult) -> str:
    errors = [{"path": e.path, "line": e.line, "message": e.message, "hint": e.hint} for e in result.errors]
    report = {
        "findings": [f.to_json() for f in result.open],
        "suppressed": [f.to_json() for f in result.findings if f.suppressed is not None],
        "errors": errors,
        "files": result.files,
        "tools": result.tools,
    }
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"
