"""What an audit came to: tables for machines, a summary, and what changed since the last one.

tools.jsonl, findings.jsonl        one row a tool, one row a finding
tools.parquet, findings.parquet    the same, where pyarrow is installed
summary.json                       the counts
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from toolreg.audit.items import Row
from toolreg.audit.journal import WHOLE, dump, read_rows, unwritable
from toolreg.audit.rows import FINDINGS, SUMMARY, TOOLS
from toolreg.audit.together import Together, Weighing
from toolreg.effects import KINDS, Effect, EffectSyntaxError, host_of, uncovered
from toolreg.errors import GOOD, NOT_JUDGED, REFUSED

MOST = 100
Before = dict[tuple[str, str], "Standing"]
_RANK = {"APPROVED": 0, "INCOMPLETE": 2, "BLOCKED": 3}


@dataclass(slots=True)
class Changes:
    """Against an earlier audit. Each entry is one tool: {tool, path, …}; lists are cut at 100, counts are not."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("new", "gone", "new_effects", "worse", "better"), 0)
    )
    new: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    new_effects: list[Row] = field(default_factory=list)
    worse: list[Row] = field(default_factory=list)
    better: list[Row] = field(default_factory=list)

    def note(self, what: str, row: Row) -> None:
        self.counts[what] += 1
        if self.counts[what] <= MOST:
            getattr(self, what).append(row)


@dataclass(slots=True)
class Summary:
    """The counts of an audit; `changes` where it was compared with an earlier one."""

    facts: Row
    tools: int = 0
    copies: int = 0
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_RANK, 0))
    clean: int = 0
    effects: dict[str, dict[str, int]] = field(default_factory=dict)
    hosts: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    severities: dict[str, int] = field(default_factory=dict)
    errors: list[Row] = field(default_factory=list)
    not_judged: int = 0
    together: Together = field(default_factory=Together)
    changes: Changes | None = None

    def exit_code(self, fail_on: str = "blocked") -> int:
        """3 where a file was not judged or there was no tool at all, 1 where `fail_on` came about.

        fail_on: `blocked`, `worse` (than the audit it was compared with), or `never`.
        """
        if self.not_judged or not self.tools:
            return NOT_JUDGED
        worse = (
            self.changes is not None and self.changes.counts["worse"] + self.changes.counts["new_effects"] > 0
        )
        refused = {"blocked": self.verdicts["BLOCKED"] > 0, "worse": worse}.get(fail_on, False)
        return REFUSED if refused else GOOD

    def to_json(self) -> Row:
        return asdict(self)


def write_results(journal: Path, out: Path, facts: Row, since: Path | None = None) -> Summary:
    """Make the tables and the summary of a whole journal. Raises ToolregError where they cannot be written."""
    before = _standing(since / WHOLE) if since else None
    return _written(journal, out, Summary(facts), before)


def _written(journal: Path, out: Path, summary: Summary, before: Before | None) -> Summary:
    copies = Counter(row["copy_of"] for row in read_rows(journal) if "copy_of" in row)
    counting = _Counting(summary, before)
    try:
        with ExitStack() as stack:
            tools = stack.enter_context(open(out / TOOLS, "w", encoding="utf-8"))
            findings = stack.enter_context(open(out / FINDINGS, "w", encoding="utf-8"))
            for row in read_rows(journal):
                counting.file(row)
                tools.writelines(
                    dump({**tool, "copies": copies[tool["path"]]}) for tool in row.get("tools", ())
                )
                findings.writelines(dump(finding) for finding in row.get("findings", ()))
        counting.finish()
        text = json.dumps(summary.to_json(), indent=2, ensure_ascii=True)
        (out / SUMMARY).write_text(text + "\n", encoding="utf-8")
        write_parquet(out)
    except OSError as error:
        raise unwritable(out, error) from error
    return summary


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of a tool when two audits are compared."""

    verdict: str
    rank: int
    effects: tuple[Effect, ...]

    @classmethod
    def of(cls, tool: Row) -> Standing:
        rank = 1 if tool["clean"] else _RANK[tool["verdict"]]
        return cls(tool["verdict"], rank, tuple(_effects_of(tool)))


class _Standings:
    """Every tool of an audit at every path, copies too; they follow the file they are copies of."""

    def __init__(self) -> None:
        self._files: dict[str, dict[str, Standing]] = {}

    def add(self, row: Row) -> dict[str, Standing]:
        """The tools of one row of a journal."""
        if "copy_of" in row:
            return self._files.get(row["copy_of"], {})
        found = {tool["tool"]: Standing.of(tool) for tool in row.get("tools", ())}
        if found:
            self._files[row["path"]] = found
        return found


def _standing(journal: Path) -> Before:
    """(path, tool) → how it stood in an earlier audit."""
    every = _Standings()
    return {
        (row["path"], name): standing
        for row in read_rows(journal)
        for name, standing in every.add(row).items()
    }


class _Counting:
    def __init__(self, summary: Summary, before: Before | None) -> None:
        self.summary, self.before, self.now = summary, before, _Standings()
        self.together = Weighing()
        summary.together = self.together.found
        self.hosts: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.severities: Counter[str] = Counter()
        self.effects = {kind: Counter[str]() for kind in KINDS}
        summary.changes = Changes() if before is not None else None

    def file(self, row: Row) -> None:
        if "copy_of" in row:
            self.summary.copies += 1
        if self.before is not None and self.summary.changes is not None:
            for name, standing in self.now.add(row).items():
                before = self.before.pop((row["path"], name), None)
                compare(name, row["path"], standing, before, self.summary.changes)
        if row.get("error"):
            self.summary.not_judged += 1
            if len(self.summary.errors) < MOST:
                self.summary.errors.append(row["error"])
        for tool in row.get("tools", ()):
            self._tool(tool)
        for finding in row.get("findings", ()):
            if finding.get("suppressed") is None:
                self.findings[finding["code"]] += 1
                self.severities[finding["severity"]] += 1

    def _tool(self, tool: Row) -> None:
        self.summary.tools += 1
        self.together.tool(tool)
        self.summary.verdicts[tool["verdict"]] += 1
        self.summary.clean += bool(tool["clean"])
        kinds = {"declared": tool["declared"] or (), "inferred": [e["effect"] for e in tool["inferred"]]}
        kinds |= {"observed": tool["observed"], "undeclared": tool["undeclared"]}
        for source, effects in kinds.items():
            for kind in {e.partition(":")[0] for e in effects}:
                self.effects[kind][source] += 1
        self.hosts.update(set(hosts_of(tool)))

    def finish(self) -> None:
        for path, name in self.before or ():
            if self.summary.changes is not None:
                self.summary.changes.note("gone", {"tool": name, "path": path})
        self.summary.hosts = dict(self.hosts.most_common(MOST))
        self.summary.findings = dict(sorted(self.findings.items()))
        self.summary.severities = dict(sorted(self.severities.items()))
        self.summary.effects = {k: dict(c) for k, c in self.effects.items() if c}


def compare(name: str, path: str, now: Standing, before: Standing | None, changes: Changes) -> None:
    """Note how one tool stands against its earlier self; effects are compared as everywhere, by `covers`."""
    place = {"tool": name, "path": path}
    if before is None:
        changes.note("new", place)
        return
    added = uncovered(now.effects, by=before.effects)
    if added:
        changes.note("new_effects", {**place, "effects": [str(e) for e in added]})
    if now.rank != before.rank:
        changes.note("worse" if now.rank > before.rank else "better", {**place, "verdict": now.verdict})


def hosts_of(tool: Row) -> Iterator[str]:
    """Hosts that a tool is known to speak to, without ports; no parameters and no wildcards for all."""
    for effect in _effects_of(tool):
        if effect.kind == "net" and not effect.parameters and effect.target != "*":
            yield host_of(effect.target) or effect.target


def _effects_of(tool: Row) -> Iterator[Effect]:
    texts: Iterable[str] = [
        *(tool["declared"] or ()),
        *(e["effect"] for e in tool["inferred"]),
        *tool["observed"],
    ]
    for text in dict.fromkeys(texts):
        try:
            yield Effect.parse(text)
        except EffectSyntaxError:
            continue


def write_parquet(out: Path) -> bool:
    """The tables as Parquet; False where pyarrow is not installed. Nested values stand as JSON text."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    from toolreg.audit.parquet import convert

    for name in (TOOLS, FINDINGS):
        convert(out / name, out / name.replace(".jsonl", ".parquet"))
    return True
