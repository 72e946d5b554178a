"""`toolreg audit`: everything in a target, judged once each, with results that can be searched and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from toolreg.audit.engine import Engine, engine
from toolreg.audit.items import Found, Item, Row, Unread, may_hold_a_tool
from toolreg.audit.journal import REST as UNFINISHED
from toolreg.audit.journal import WHOLE, Journal, Known
from toolreg.audit.judging import Judgement
from toolreg.audit.options import AuditOptions
from toolreg.audit.report import Summary, write_results
from toolreg.audit.rows import error_row
from toolreg.audit.run import judge_all
from toolreg.audit.sources import found_in
from toolreg.errors import NotFound


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: files seen and tools judged."""

    files: int
    tools: int


@dataclass(frozen=True, slots=True)
class _Copy:
    item: Item
    of: str


@dataclass(frozen=True, slots=True)
class _Carried:
    item: Item
    row: Row


class _Toolless:
    """A file in which no tool can stand."""


def audit(
    target: str,
    out: Path,
    options: AuditOptions | None = None,
    *,
    engine_name: str = "",
    since: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    source: Iterable[Found] | None = None,
) -> Summary:
    """Judge every tool of a target and write the results to the folder `out`.

    target: a folder, a file, a lock file, or a Hub's namespace. since: the folder of an earlier audit,
    whose judgements are taken over where nothing changed, and with which the result is compared.
    source: what to judge, where the caller has it already. An audit that was interrupted goes on when
    it is asked for again. Raises ToolregError where nothing could be begun or the engine is lost.
    """
    options = options or AuditOptions()
    if since is not None and not (since / WHOLE).is_file():
        raise NotFound(
            "there is no finished audit in it", path=str(since), hint=f"--since wants a folder with {WHOLE}"
        )
    things = found_in(target, fixtures=options.check) if source is None else source
    journal = Journal(out)
    known = Known([out / UNFINISHED, *([since / WHOLE] if since else [])])
    try:
        run = _Audit(options, known, on_progress)
        for row in run.rows(things, engine(engine_name)):
            journal.write(row)
        return write_results(journal.finish(), out, run.facts(target), since)
    finally:
        known.close()
        journal.close()


@dataclass(slots=True)
class _Audit:
    options: AuditOptions
    known: Known
    on_progress: Callable[[Progress], None] | None
    seen: dict[str, str] = field(default_factory=dict)
    files: int = 0
    toolless: int = 0
    tools: int = 0
    judged: int = 0
    carried: int = 0

    def rows(self, things: Iterable[Found], chosen: Engine) -> Iterator[Row]:
        for thing, judgement in judge_all(self._sorted_out(things), self.options, chosen):
            self.files += 1
            row = self._row(thing, judgement)
            if row is not None:
                self.tools += len(row.get("tools", ()))
                yield row
            if self.on_progress:
                self.on_progress(Progress(self.files, self.tools))

    def facts(self, target: str) -> Row:
        """What only the run itself knows."""
        return {
            "target": target,
            "options": {"check": self.options.check, "digest": self.options.digest},
            "files": self.files,
            "files_without_tools": self.toolless,
            "judged": self.judged,
            "carried_over": self.carried,
        }

    def _sorted_out(self, things: Iterable[Found]) -> Iterator[object]:
        digest = self.options.digest
        for thing in things:
            if isinstance(thing, Unread):
                yield thing
            elif not may_hold_a_tool(thing.data):
                yield _Toolless()
            elif (key := thing.key(digest)) in self.seen:
                yield _Copy(thing, self.seen[key])
            else:
                self.seen[key] = thing.label
                row = self.known.get(key)
                yield _Carried(thing, row) if row else thing

    def _row(self, thing: object, judgement: Judgement | None) -> Row | None:
        match thing:
            case Unread(label, error, origin):
                return {"path": label, "origin": origin, "error": error_row(error, label), "passing": True}
            case _Copy(item, of):
                return {"path": item.label, "origin": dict(item.origin), "copy_of": of}
            case _Carried(item, row):
                self.carried += 1
                return _moved(row, item)
            case Item() if judgement is not None:
                self.judged += 1
                return self._judged(thing, judgement)
        self.toolless += 1
        return None

    def _judged(self, item: Item, judgement: Judgement) -> Row:
        row: Row = {"key": item.key(self.options.digest), "path": item.label, "origin": dict(item.origin)}
        row |= {"tools": list(judgement.tools), "findings": list(judgement.findings)}
        if judgement.error:
            row |= {"error": judgement.error, "passing": judgement.passing}
        if not judgement.tools and not judgement.error:
            self.toolless += 1
        return row


def _moved(row: Row, item: Item) -> Row:
    """An earlier judgement of the same bytes, at the place where they stand now."""
    moved = {**row, "path": item.label, "origin": dict(item.origin)}
    for part in ("tools", "findings"):
        moved[part] = [{**entry, "path": item.label} for entry in row.get(part, ())]
    moved["tools"] = [{**tool, "origin": dict(item.origin)} for tool in moved["tools"]]
    if row.get("error"):
        moved["error"] = {**row["error"], "path": item.label}
    return moved
