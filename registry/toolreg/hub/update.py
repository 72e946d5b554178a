"""Bring the index up to date: only what changed is read, politely, and an interruption loses little."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from toolreg.hub.client import Hub
from toolreg.hub.index import Index, Pass
from toolreg.hub.listing import Listing
from toolreg.hub.model import Space
from toolreg.hub.search import TAGS, Verify, is_tool, read_one

BATCH = 50
WHOLE_EVERY = timedelta(days=7)
# What an anonymous reader may ask of the Hugging Face Hub: 3,000 files in five minutes.
FILES_PER_MINUTE = 600.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: listings read, failed (read again next time), unchanged, dropped; requests sent."""

    read: int
    failed: int
    unchanged: int
    gone: int
    requests: int
    whole: bool


@dataclass(slots=True)
class Pace:
    """No more than so many a minute, evenly; 0 is without limit. Threads share one."""

    per_minute: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, count: int = 1) -> None:
        if not self.per_minute:
            return
        with self._lock:
            now = self.clock()
            start = max(now, self._next)
            self._next = start + count * 60 / self.per_minute
        if start > now:
            self.sleep(start - now)


def update(
    index: Index,
    hub: Hub,
    *,
    whole: bool = False,
    verify: Verify | None = None,
    pace: Pace | None = None,
    progress: Progress | None = None,
) -> Updated:
    """Read what changed on a Hub into the index.

    The listing comes newest first and ends where the last pass began; once a week, or with `whole`,
    it is read to its end, and what vanished is dropped. Interrupted: what was read stays, and the next
    run skips it. progress: (done, so far known to do).
    """
    before, last = hub.requests, index.last_pass(hub.endpoint)
    now = datetime.now(UTC)
    whole = whole or not last.newest or _older(last.at, now - WHOLE_EVERY)
    work = _Work(index, hub, index.heads(hub.endpoint), last.number + 1, verify, pace or _pace_of(hub))
    newest = last.newest
    for batch in _batches(_changed(hub, "" if whole else last.newest)):
        newest = max(newest, *(space.modified for space in batch))
        work.take(batch)
        if progress is not None:
            progress(work.read, work.read + work.unchanged)
    stamp = now.isoformat() if whole else last.at
    # What failed lies before the newest change: the next run must come by again.
    end = Pass(work.number, last.newest if work.failed else newest, stamp)
    gone = work.gone + index.finish(hub.endpoint, end, whole=whole and not work.failed)
    return Updated(work.read, work.failed, work.unchanged, gone, hub.requests - before, whole)


@dataclass(slots=True)
class _Work:
    index: Index
    hub: Hub
    known: dict[str, str]
    number: int
    verify: Verify | None
    pace: Pace
    read: int = 0
    failed: int = 0
    unchanged: int = 0
    gone: int = 0

    def take(self, batch: list[Space]) -> None:
        """One batch: what is known at that commit is marked, the rest read and written."""
        spaces = [space for space in batch if is_tool(space)]
        lost = [s.repo_id for s in batch if s not in spaces and s.repo_id in self.known]
        self.gone += self.index.drop(self.hub.endpoint, lost)
        same = [s.repo_id for s in spaces if s.commit and self.known.get(s.repo_id) == s.commit]
        new = [s for s in spaces if s.repo_id not in set(same)]
        self.index.seen(self.hub.endpoint, same, self.number)
        with ThreadPoolExecutor(4) as pool:
            rows = list(pool.map(self._one, new))
        self.index.put(self.hub.endpoint, rows, self.number)
        self.failed += sum(not row.commit for row in rows)
        self.read += len(new)
        self.unchanged += len(same)

    def _one(self, space: Space) -> Listing:
        self.pace.wait(2)
        return read_one(self.hub, space, verify=self.verify)


def _changed(hub: Hub, since: str) -> Iterator[Space]:
    """The tagged Spaces, newest first, down to those last changed before `since`."""
    for space in hub.spaces(filter=TAGS, newest_first=True):
        if since and space.modified and space.modified < since:
            return
        yield space


def _batches(spaces: Iterable[Space]) -> Iterator[list[Space]]:
    source = iter(spaces)
    while batch := list(islice(source, BATCH)):
        yield batch


def _pace_of(hub: Hub) -> Pace:
    return Pace(0.0 if "://127.0.0.1" in hub.endpoint or "://localhost" in hub.endpoint else FILES_PER_MINUTE)


def _older(text: str, than: datetime) -> bool:
    try:
        return datetime.fromisoformat(text) < than
    except ValueError:
        return True
