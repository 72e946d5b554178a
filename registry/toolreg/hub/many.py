"""Publish many tools: a few at a time, one failure stops nothing, and an interruption loses nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from toolreg.errors import ConfigError, RateLimited, ToolregError
from toolreg.hub.client import Hub
from toolreg.hub.publish import Published, publish

WORKERS = 4
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One tool to publish: its files, where to, as which version."""

    repo_id: str
    files: Mapping[str, bytes]
    version: str | None = None

    @property
    def digest(self) -> str:
        """What this job would publish, in one number: repository, version and every byte."""
        parts = [
            self.repo_id,
            self.version or "",
            *(f"{p}\0{sha256(d).hexdigest()}" for p, d in sorted(self.files.items())),
        ]
        return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: published, or the error; skipped where an earlier run's report has it."""

    job: Job
    published: Published | None = None
    error: ToolregError | None = None
    skipped: bool = False


def publish_many(
    jobs: Sequence[Job],
    hub: Hub,
    *,
    workers: int = WORKERS,
    report: Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> list[Outcome]:
    """Publish every job, in the order of `jobs` in the result. One failure does not stop the rest.

    report: a file that gets a line as each ends; a run with the same file skips what succeeded. Once a
    rate limit is worse than the Hub object's patience, what has not begun is not begun. progress:
    (done, all, repository). options: those of `publish`.
    """
    done = _Report(report)
    outcomes: dict[int, Outcome] = {}
    stop = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(_one, job, hub, done, stop, options): n for n, job in enumerate(jobs)}
        try:
            for future in as_completed(futures):
                number = futures[future]
                outcomes[number] = future.result()
                if progress is not None:
                    progress(len(outcomes), len(jobs), jobs[number].repo_id)
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [outcomes[n] for n in range(len(jobs))]


def failures(outcomes: Iterable[Outcome]) -> list[ToolregError]:
    return [outcome.error for outcome in outcomes if outcome.error is not None]


def _one(job: Job, hub: Hub, report: _Report, stop: threading.Event, options: Mapping[str, Any]) -> Outcome:
    if report.has(job):
        return Outcome(job, skipped=True)
    if stop.is_set():
        return Outcome(
            job, error=RateLimited(f"{job.repo_id} was not begun", hint="run the same command again later")
        )
    try:
        published = publish(job.files, job.repo_id, hub, job.version, **options)
    except ToolregError as error:
        if isinstance(error, RateLimited):
            stop.set()
        report.add(job, error=str(error))
        return Outcome(job, error=error)
    report.add(job, commit=published.commit)
    return Outcome(job, published)


@dataclass(slots=True)
class _Report:
    """Lines of JSON, one per ended job; a line that a crash cut is no line."""

    path: Path | None
    _done: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.path is None:
            return
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ConfigError(f"the report cannot be read: {error.strerror}", path=str(self.path)) from error
        for line in lines:
            row = _row(line)
            if row.get("status") == "published":
                self._done.add(str(row.get("digest")))

    def has(self, job: Job) -> bool:
        return job.digest in self._done

    def add(self, job: Job, *, commit: str = "", error: str = "") -> None:
        if self.path is None:
            return
        status = "failed" if error else "published"
        row = {"repository": job.repo_id, "version": job.version, "status": status, "digest": job.digest}
        line = json.dumps({**row, "commit": commit, "error": error})
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            # The newline first: what a crash cut off before must not swallow this line.
            file.write(f"\n{line}\n")
            file.flush()
            os.fsync(file.fileno())


def _row(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
