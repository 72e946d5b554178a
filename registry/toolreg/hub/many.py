"""Publish into many repositories: a few at a time, one failure stops nothing, and an interruption loses nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from toolreg.errors import ConfigError, RateLimited, ToolregError

WORKERS = 4
Progress = Callable[[int, int, str], None]


class Done(Protocol):
    """What came of a job: the commit that holds it, and its version."""

    @property
    def commit(self) -> str: ...

    @property
    def version(self) -> str: ...


T = TypeVar("T", bound=Done)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """One repository to publish into. digest: of all that decides what is published. run: publishes it."""

    repo_id: str
    digest: str
    run: Callable[[], T]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of a job: what it gave, the error, or (commit, version) of an earlier run, by its report."""

    job: Job[T]
    done: T | None = None
    error: ToolregError | None = None
    earlier: tuple[str, str] | None = None


def publish_many(
    jobs: Sequence[Job[T]],
    *,
    workers: int = WORKERS,
    report: Path | None = None,
    progress: Progress | None = None,
) -> list[Outcome[T]]:
    """Run every job, in the order of `jobs` in the result. One failure does not stop the rest.

    report: a file that gets a line as each ends; a run with the same file skips what succeeded. Once a
    rate limit is worse than the Hub object's patience, what has not begun is not begun. progress:
    (done, all, repository). Raises ConfigError where the report cannot be read or written.
    """
    kept = _Report(report)
    outcomes: dict[int, Outcome[T]] = {}
    stop = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(_one, job, kept, stop): n for n, job in enumerate(jobs)}
        try:
            for future in as_completed(futures):
                number = futures[future]
                outcomes[number] = future.result()
                if progress is not None:
                    progress(len(outcomes), len(jobs), jobs[number].repo_id)
        except BaseException:  # an interruption too: what has not begun is not begun
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [outcomes[n] for n in range(len(jobs))]


def _one(job: Job[T], report: _Report, stop: threading.Event) -> Outcome[T]:
    earlier = report.done.get(job.digest)
    if earlier is not None:
        return Outcome(job, earlier=earlier)
    if stop.is_set():
        hint = "run the same command again later"
        return Outcome(job, error=RateLimited(f"{job.repo_id} was not begun", hint=hint))
    try:
        done = job.run()
    except ToolregError as error:
        if isinstance(error, RateLimited):
            stop.set()
        report.add(job, error=str(error))
        return Outcome(job, error=error)
    report.add(job, commit=done.commit, version=done.version)
    return Outcome(job, done)


@dataclass(slots=True)
class _Report:
    """Lines of JSON, one per ended job; a line that a crash cut is no line. done: digest -> (commit, version)."""

    path: Path | None
    done: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.path is None:
            return
        try:
            with self.path.open("a+", encoding="utf-8", errors="replace") as file:
                file.seek(0)
                rows = [_row(line) for line in file]
        except OSError as error:
            hint = "name a file in a folder that you may write to"
            raise ConfigError(
                f"no report can be kept: {error.strerror}", path=str(self.path), hint=hint
            ) from error
        for row in rows:
            if row.get("status") == "published":
                self.done[str(row.get("digest"))] = str(row.get("commit", "")), str(row.get("version", ""))

    def add(self, job: Job[T], *, commit: str = "", version: str = "", error: str = "") -> None:
        if self.path is None:
            return
        status = "failed" if error else "published"
        row = {"repository": job.repo_id, "version": version, "status": status, "commit": commit}
        line = json.dumps({**row, "digest": job.digest, "error": error})
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
