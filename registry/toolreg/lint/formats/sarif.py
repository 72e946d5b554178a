"""SARIF 2.1.0, for code scanning: with rule help, fixes, suppressions and fingerprints that outlive moved lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from toolreg.errors import ToolregError
from toolreg.lint.api import Rule
from toolreg.lint.finding import DOCS, Finding, TextFix
from toolreg.lint.formats.fingerprint import fingerprints
from toolreg.lint.packs import load_rules
from toolreg.lint.runner import LintResult

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(result: LintResult) -> str:
    codes = sorted({f.code for f in result.findings})
    index = {code: n for n, code in enumerate(codes)}
    prints = fingerprints(result.findings)
    known = {rule.code: rule for rule in load_rules()}
    run = {
        "tool": {
            "driver": {
                "name": "toolreg",
                "informationUri": DOCS,
                "rules": [_rule(c, known.get(c), result) for c in codes],
            }
        },
        "results": [_result(f, index[f.code], prints[n]) for n, f in enumerate(result.findings)],
        "invocations": [_invocation(result)],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, rule: Rule | None, result: LintResult) -> dict[str, Any]:
    example = next(f for f in result.findings if f.code == code)
    described: dict[str, Any] = {
        "id": code,
        "name": example.name,
        "defaultConfiguration": {"level": _LEVELS[example.severity]},
    }
    if example.url:
        described["helpUri"] = example.url
    if rule is not None:
        described["shortDescription"] = {"text": rule.summary}
        described["fullDescription"] = {"text": rule.why}
        described["help"] = {"text": rule.why}
    return described


def _result(finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    if finding.source:
        region["snippet"] = {"text": finding.source}  # type: ignore[assignment]
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(finding.path), "region": region}
    }
    if finding.tool:
        place["logicalLocations"] = [{"name": finding.tool, "kind": "function"}]
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [place],
        "partialFingerprints": {"toolreg/v1": fingerprint},
    }
    if finding.suppressed is not None:
        found["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": finding.suppressed}
        ]
    if finding.fix is not None:
        found["fixes"] = [_fix(finding.path, finding.fix)]
    return found


def _fix(path: str, fix: TextFix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {"charOffset": e.start, "charLength": e.end - e.start},
            "insertedContent": {"text": e.content},
        }
        for e in fix.edits
    ]
    changes = [{"artifactLocation": _artifact(path), "replacements": replacements}]
    return {"description": {"text": fix.message}, "artifactChanges": changes}


def _artifact(path: str) -> dict[str, str]:
    """A relative path stays relative, to be read from the root of the repository."""
    pure = PurePath(path)
    if pure.is_absolute():
        return {"uri": Path(pure).as_uri()}
    return {
        "uri": quote(pure.as_posix().removeprefix("./"), errors="surrogateescape"),
        "uriBaseId": "%SRCROOT%",
    }


def _invocation(result: LintResult) -> dict[str, Any]:
    """Whether all was judged: an error is a notification of a run that did not succeed."""
    return {
        "executionSuccessful": not result.errors,
        "toolExecutionNotifications": [_notification(e) for e in result.errors],
    }


def _notification(error: ToolregError) -> dict[str, Any]:
    noted: dict[str, Any] = {
        "level": "error",
        "message": {"text": f"{error.message}; {error.hint}" if error.hint else error.message},
    }
    if error.path:
        place: dict[str, Any] = {"artifactLocation": _artifact(error.path)}
        if error.line:
            place["region"] = {"startLine": error.line}
        noted["locations"] = [{"physicalLocation": place}]
    return noted
