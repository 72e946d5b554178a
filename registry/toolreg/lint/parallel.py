"""Many files over all cores: a forked child per core, answering over a pipe in the cache's own text.

`multiprocessing` would take longer to import than the pool saves on a few hundred files.
"""

from __future__ import annotations

import os
import sys

from toolreg.errors import RulePackError, SourceError, ToolregError
from toolreg.lint.record import Outcome, escape, read, unescape, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Judge = Callable[[str], Outcome]

ENOUGH = 24
_ERRORS = {"SourceError": SourceError, "RulePackError": RulePackError}


def judge_all(paths: Sequence[str], judge: Judge, jobs: int = 0) -> dict[str, Outcome]:
    """`judge` over all paths, in parallel where that is worth it."""
    jobs = jobs or cores()
    if jobs < 2 or len(paths) < ENOUGH or not _may_fork():
        return {path: judge(path) for path in paths}
    shares = [paths[n::jobs] for n in range(jobs)]
    children = [_start(share, judge) for share in shares[1:]]
    found = {path: judge(path) for path in shares[0]}
    for (pid, pipe), share in zip(children, shares[1:], strict=True):
        found.update(_collect(pid, pipe, share))
    return {path: found[path] for path in paths}


def _may_fork() -> bool:
    """Forking is safe on Linux in a process with one thread; elsewhere one process does the work."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


def cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _start(share: Sequence[str], judge: Judge) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    code = 1
    try:
        os.close(reader)
        _send(writer, "\n".join(_line(judge(path)) for path in share) + "\n")
        code = 0
    finally:  # a child must never return into the parent's stack
        os._exit(code)


def _send(writer: int, text: str) -> None:
    data = memoryview(text.encode("utf-8", "surrogatepass"))
    while data:
        data = data[os.write(writer, data[: 1 << 20]) :]


def _collect(pid: int, pipe: int, share: Sequence[str]) -> dict[str, Outcome]:
    with open(pipe, "rb") as file:
        lines = file.read().decode("utf-8", "surrogatepass").split("\n")
    _, status = os.waitpid(pid, 0)
    if status or len(lines) != len(share) + 1:
        lost = SourceError(
            "the process that judged it ended early",
            path=share[0],
            hint="run again with --jobs 1 to see which file it was",
        )
        return {path: Outcome(error=lost) for path in share}
    return {path: _outcome(path, line) for path, line in zip(share, lines, strict=False)}


def _line(outcome: Outcome) -> str:
    error = outcome.error
    if error is None:
        return "+" + write(outcome)
    kind = next((name for name, known in _ERRORS.items() if isinstance(error, known)), "SourceError")
    return "!" + "\t".join(
        escape(part) for part in (kind, error.message, error.hint, error.path, str(error.line))
    )


def _outcome(path: str, line: str) -> Outcome:
    if line[:1] == "+":
        return read(path, line[1:])
    kind, message, hint, place, number = map(unescape, line[1:].split("\t"))
    error: ToolregError = _ERRORS[kind](message, hint=hint, path=place, line=int(number))
    return Outcome(error=error)
