"""Workflow commands of GitHub Actions: an annotation beside each line.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from toolreg.errors import ToolregError
from toolreg.lint.finding import Finding
from toolreg.lint.runner import LintResult

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(result: LintResult) -> str:
    return "".join(map(_annotation, result.open)) + "".join(map(_error, result.errors))


def _annotation(f: Finding) -> str:
    place = (
        f"file={_value(f.path)},line={f.line},col={f.column},endLine={f.end_line},endColumn={f.end_column}"
    )
    return (
        f"::{_LEVELS[f.severity]} title={_value(f'toolreg {f.code} {f.name}')},{place}::{_text(f.message)}\n"
    )


def _error(error: ToolregError) -> str:
    place = f"file={_value(error.path)},line={error.line or 1}," if error.path else ""
    return f"::error {place}title=toolreg::{_text(error.message)}\n"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
