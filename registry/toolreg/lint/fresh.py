"""Judging what the cache does not know: rules are loaded, ruff is started, our own pass runs meanwhile."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from toolreg.contract.files import read_bytes
from toolreg.contract.source import source_lines
from toolreg.errors import RulePackError, SourceError, ToolregError
from toolreg.lint.api import Rule
from toolreg.lint.digest import digest
from toolreg.lint.finding import Finding
from toolreg.lint.judge import judge_bytes
from toolreg.lint.packs import load_rules
from toolreg.lint.parallel import judge_all
from toolreg.lint.record import Outcome
from toolreg.lint.ruff import Ruff, merge
from toolreg.lint.settings import LintConfig

COLLECT_EVERY = 200  # files; keeps memory below 100 MB

Fresh = tuple[list[str], tuple[Rule, ...], dict[str, Outcome]]


def judge_fresh(paths: Sequence[str], named: Collection[str], config: LintConfig) -> Fresh:
    """(what the findings depend on, the rules, outcome by path)."""
    if config.catalogues:
        from toolreg.infer.extend import use_catalogues

        use_catalogues(config.catalogues)
    ruff = Ruff.start([p for p in paths if may_hold_a_tool(p)], config)
    rules = load_rules(config.packs)

    since = count(1)

    def judge(path: str) -> Outcome:
        if next(since) % COLLECT_EVERY == 0:
            gc.collect()
        return _judge(path, rules, path in named)

    gc.disable()  # a tree is freed when its file is done; the few cycles left are collected now and then
    gc.freeze()
    try:
        outcomes = judge_all(paths, judge, config.jobs)
    finally:
        gc.unfreeze()
        gc.enable()
    _add(ruff.collect(), outcomes)
    return _depends(rules, ruff.program), rules, outcomes


def may_hold_a_tool(path: str) -> bool:
    """A byte search; a file that cannot be read goes on, so that its error is reported."""
    try:
        return can_hold_a_tool(read_bytes(path))
    except SourceError:
        return False


def can_hold_a_tool(data: bytes) -> bool:
    return b"smolagents" in data or b"@tool" in data or b"(Tool" in data or b"\0" in data


def _judge(path: str, rules: Sequence[Rule], named: bool) -> Outcome:
    try:
        data = read_bytes(path)
    except SourceError as error:
        return Outcome(error=error)
    nothing = Outcome(digest=digest(data))
    if not named and not can_hold_a_tool(data):
        return nothing
    outcome = judge_bytes(path, data, rules)
    if isinstance(outcome.error, RulePackError | type(None)) or named or _insists(outcome.error, data):
        outcome.digest = nothing.digest
        return outcome
    return nothing


def _insists(error: ToolregError, data: bytes) -> bool:
    """An empty file in a folder is nobody's tool; anything else that cannot be read is reported."""
    return bool(data.strip()) and isinstance(error, SourceError)


def _add(theirs: Mapping[str, Sequence[Finding]], outcomes: Mapping[str, Outcome]) -> None:
    """ruff's findings beside ours, for files that hold a tool."""
    for path, outcome in outcomes.items():
        findings = theirs.get(os.path.abspath(path)) if theirs else None
        if findings and outcome.tools:
            lines = source_lines(read_bytes(path).decode("utf-8-sig", "replace"))
            outcome.findings = merge(outcome.findings, [_placed(f, path, lines, outcome) for f in findings])


def _placed(finding: Finding, path: str, lines: Sequence[str], outcome: Outcome) -> Finding:
    reasons = {(line, code): reason for line, code, reason in outcome.comments}
    source = lines[finding.line - 1] if finding.line <= len(lines) else ""
    tool = next((t[0] for t in reversed(outcome.tools) if t[1] <= finding.line), "")
    return finding.but(
        path=path, source=source[:400], suppressed=reasons.get((finding.line, finding.code)), tool=tool
    )


def _depends(rules: Sequence[Rule], ruff: str) -> list[str]:
    """Every file the findings depend on besides the tools: engine, effects catalog, rule packs, ruff."""
    roots = {"toolreg", *(rule.judge.__module__.partition(".")[0] for rule in rules)}
    files = {
        f
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in roots and (f := getattr(module, "__file__", None))
    }
    folders = {os.path.dirname(f) for f in files}
    data = {
        e.path for d in folders for e in os.scandir(d) if e.name.endswith((".toml", ".txt", ".tsv", ".json"))
    }
    paths = {p for p in sys.path if p and os.path.isdir(p)}
    return sorted(files | folders | data | paths | ({ruff} if ruff else set()))
