"""A baseline: findings of an old repository that are known, so that only new ones count.

A finding is known by rule, file, tool and the text of its line, never by its number: lines may move. Each entry
stands for as many findings as it was written with. A run over some of the files changes nothing in it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence

from toolreg.errors import ConfigError
from toolreg.lint.finding import Finding

Key = tuple[str, str, str, str]


def write_baseline(findings: Sequence[Finding], path: str) -> int:
    """Write the open findings; returns how many."""
    counts = Counter(_key(f, path) for f in findings if f.suppressed is None)
    entries = [
        {"code": k[0], "path": k[1], "tool": k[2], "line": k[3], "count": n}
        for k, n in sorted(counts.items())
    ]
    text = json.dumps({"version": 1, "findings": entries}, indent=1, ensure_ascii=True) + "\n"
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(
            f"cannot write the baseline: {error.strerror}", path=path, hint="check --baseline"
        ) from error
    return sum(counts.values())


def without_known(findings: Sequence[Finding], path: str) -> list[Finding]:
    """The findings that the baseline does not hold. Raises ConfigError where it cannot be read."""
    left = _read(path)
    fresh: list[Finding] = []
    for finding in sorted(findings, key=Finding.order):
        key = _key(finding, path)
        if finding.suppressed is None and left[key] > 0:
            left[key] -= 1
        else:
            fresh.append(finding)
    return fresh


def _read(path: str) -> Counter[Key]:
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        return Counter(
            {(e["code"], e["path"], e["tool"], e["line"]): int(e["count"]) for e in document["findings"]}
        )
    except OSError as error:
        raise ConfigError(
            f"cannot read the baseline: {error.strerror}", path=path, hint="make it with --write-baseline"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            "is no baseline of toolreg", path=path, hint="make it anew with --write-baseline"
        ) from error


def _key(finding: Finding, baseline: str) -> Key:
    folder = os.path.dirname(os.path.abspath(baseline))
    where = os.path.relpath(os.path.abspath(finding.path), folder).replace(os.sep, "/")
    return (finding.code, where, finding.tool, finding.source.strip()[:200])
