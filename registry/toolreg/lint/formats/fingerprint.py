"""A finding's identity over time: rule, file, tool and the text of its line, not its number."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from toolreg.lint.finding import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """One for each finding, in order; equal ones are counted apart."""
    seen: Counter[str] = Counter()
    prints = []
    for finding in findings:
        words = (
            finding.code,
            finding.path.removeprefix("./"),
            finding.tool,
            " ".join(finding.source.split()),
        )
        text = "\0".join(words)
        prints.append(hashlib.sha256(f"{text}\0{seen[text]}".encode("utf-8", "replace")).hexdigest()[:32])
        seen[text] += 1
    return prints
