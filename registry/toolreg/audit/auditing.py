"""`toolreg audit`: everything in a target, judged once each, with results that can be searched and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from toolreg.audit.engine import Engine, engine
from toolreg.audit.items import Found, Item, Row, Unchanged, Unread, may_hold_a_tool, place_key
from toolreg.audit.journal import REST as UNFINISHED
from toolreg.audit.journal import WHOLE, Journal, Known
from toolreg.audit.judging import Judgement
from toolreg.audit.options import AuditOptions
from toolreg.audit.report import Summary, write_results
from toolreg.audit.rows import error_row
from toolreg.audit.run import judge_all
from toolreg.audit.sources import Source, local_source
from toolreg.errors import NotFound


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: files seen and tools judged."""

    files: int
    tools: int


@dataclass(frozen=True, slots=True)
class _Copy:
    label: str
    origin: Row
    of: str
    key: str


@dataclass(frozen=True, slots=True)
class _Carried:
    label: str
    origin: Row
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
    source: Source | None = None,
) -> Summary:
    """Judge every tool of a target and write the results to the folder `out`.

    target: a folder or a file; for a lock file or a Hub give its `source` too (audit.sources).
    since: the folder of an earlier audit, whose judgements are taken over where nothing changed, and with
    which the result is compared. An audit that was interrupted goes on when it is asked for again.
    Raises ToolregError where nothing could be begun, another audit writes to that folder, or the engine or the
    Hub is lost.
    """
    options = options or AuditOptions()
    if since is not None and not (since / WHOLE).is_file():
        raise NotFound(
            "there is no finished audit in it", path=str(since), hint=f"--since wants a folder with {WHOLE}"
        )
    source = source or local_source(target, fixtures=options.check)
    before = [out / UNFINISHED, *([since / WHOLE] if since else [])]
    with closing(Journal(out)) as journal, closing(Known(before)) as known:
        run = _Audit(options, known, on_progress)
        for row in run.rows(source(run.seen_before), engine(engine_name)):
            journal.write(row)
        summary = write_results(journal.part, out, run.facts(target), since)
        journal.finish()  # last: what fails before it leaves every judgement to go on with
        return summary


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

    def seen_before(self, origin: Row) -> bool:
        """True if an earlier audit judged this repository at this commit; then it need not be fetched."""
        place = place_key(origin, self.options.digest)
        return bool(place) and self.known.judged_at(place)

    def _sorted_out(self, things: Iterable[Found]) -> Iterator[object]:
        digest = self.options.digest
        for thing in things:
            match thing:
                case Unread():
                    yield thing
                case Unchanged(label, origin):
                    key, known = self.known.at(place_key(origin, digest)) or ("", {})
                    yield self._again(label, {**known, **origin}, key)
                case Item() if not may_hold_a_tool(thing.data):
                    yield _Toolless()
                case Item():
                    yield self._again(thing.label, dict(thing.origin), thing.key(digest)) or thing

    def _again(self, label: str, origin: Row, key: str) -> _Copy | _Carried | None:
        """What is known under a key already: from this audit, or from an earlier one."""
        if key in self.seen:
            return _Copy(label, origin, self.seen[key], key)
        self.seen[key] = label
        row = self.known.get(key)
        return _Carried(label, origin, row) if row else None

    def _row(self, thing: object, judgement: Judgement | None) -> Row | None:
        match thing:
            case Unread(label, error, origin):
                return {"path": label, "origin": origin, "error": error_row(error, label), "passing": True}
            case _Copy(label, origin, of, key):
                return {"key": key, "path": label, "origin": origin, "copy_of": of, **self._at(origin)}
            case _Carried(label, origin, row):
                self.carried += 1
                return _moved(row, label, origin) | self._at(origin)
            case Item() if judgement is not None:
                self.judged += 1
                return self._judged(thing, judgement)
        self.toolless += 1
        return None

    def _at(self, origin: Row) -> Row:
        place = place_key(origin, self.options.digest)
        return {"at": place} if place else {}

    def _judged(self, item: Item, judgement: Judgement) -> Row:
        row: Row = {"key": item.key(self.options.digest), "path": item.label, "origin": dict(item.origin)}
        row |= {
            "tools": list(judgement.tools),
            "findings": list(judgement.findings),
            **self._at(row["origin"]),
        }
        if judgement.error:
            row |= {"error": judgement.error, "passing": judgement.passing}
        if not judgement.tools and not judgement.error:
            self.toolless += 1
        return row


def _moved(row: Row, label: str, origin: Row) -> Row:
    """An earlier judgement of the same bytes, at the place where they stand now."""
    moved = {**row, "path": label, "origin": origin}
    moved["tools"] = [{**tool, "path": label, "origin": origin} for tool in row.get("tools", ())]
    moved["findings"] = [{**finding, "path": label} for finding in row.get("findings", ())]
    if row.get("error"):
        moved["error"] = {**row["error"], "path": label}
    return moved
