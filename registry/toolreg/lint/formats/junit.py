"""JUnit XML: a test suite for each file, a failed case for each finding, an error for what was not judged."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from toolreg.errors import ToolregError
from toolreg.lint.finding import Finding
from toolreg.lint.runner import LintResult


def render(result: LintResult) -> str:
    suites = [_suite(path, list(found)) for path, found in groupby(result.open, key=lambda f: f.path)]
    suites += [_not_judged(error) for error in result.errors]
    if not suites:
        suites = [
            '  <testsuite name="toolreg" tests="1" failures="0" errors="0"><testcase name="lint" classname="toolreg"/></testsuite>'
        ]
    counts = f'tests="{max(len(result.open) + len(result.errors), 1)}" failures="{len(result.open)}" errors="{len(result.errors)}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<testsuites name="toolreg lint" {counts}>',
            *suites,
            "</testsuites>",
            "",
        ]
    )


def _suite(path: str, findings: list[Finding]) -> str:
    cases = [_case(f) for f in findings]
    return "\n".join(
        [
            f'  <testsuite name={_attribute(path)} tests="{len(cases)}" failures="{len(cases)}" errors="0">',
            *cases,
            "  </testsuite>",
        ]
    )


def _case(f: Finding) -> str:
    name, where = _attribute(f"{f.code} {f.name} ({f.tool or 'file'}:{f.line})"), _attribute(f.path)
    text = escape(_plain(f"{f.path}:{f.line}:{f.column}: {f.message}"))
    failure = f"<failure message={_attribute(f.message)} type={_attribute(f.severity)}>{text}</failure>"
    return f'    <testcase name={name} classname={where} file={where} line="{f.line}">{failure}</testcase>'


def _not_judged(error: ToolregError) -> str:
    case = f'<testcase name="not judged" classname={_attribute(error.path or "toolreg")}>'
    problem = f"<error message={_attribute(error.message)}>{escape(_plain(error.hint))}</error>"
    return f'  <testsuite name={_attribute(error.path or "toolreg")} tests="1" failures="0" errors="1">{case}{problem}</testcase></testsuite>'


def _attribute(text: str) -> str:
    return quoteattr(_plain(text))


def _plain(text: str) -> str:
    """XML 1.0 has no place for control characters and lone surrogates."""
    return "".join(
        c
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
        else "\ufffd"
        for c in text
    )
