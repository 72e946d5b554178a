"""One process of this machine, watched until its end: bounded output, a wall clock, no child left of its group."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from toolreg.sandbox.backends.linux.supervise import Record, Stream
from toolreg.sandbox.limits import Limits

_CHUNK = 65536
_FLOOD = 1 << 29
_LOOK = 0.25


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: str,
    limits: Limits,
    pass_fds: Sequence[int] = (),
    result: tuple[int, int] | None = None,
    exceeded: Callable[[], str] | None = None,
) -> Record:
    """Start it and wait, at most `limits.wall` seconds; then its whole group is killed.

    result: a pipe (this end, the child's end) that the outcome comes through; the child's end is closed here.
    exceeded: asked four times a second; a reason that it gives ends the child.
    """
    record = Record(Stream(limits.result), Stream(limits.output), Stream(limits.output))
    begin = time.monotonic()
    given = [*pass_fds, *([result[1]] if result else [])]
    child = subprocess.Popen(
        argv, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        pass_fds=given, start_new_session=True,
    )  # fmt: skip
    if result is not None:
        os.close(result[1])
    try:
        record.killed = _watch(child, record, begin + limits.wall, result[0] if result else None, exceeded)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = record.status = os.waitstatus_to_exitcode(status)
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
        if result is not None:
            os.close(result[0])
    record.cpu, record.memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    record.wall = time.monotonic() - begin
    return record


def _watch(
    child: subprocess.Popen[bytes],
    record: Record,
    limit: float,
    result: int | None,
    exceeded: Callable[[], str] | None,
) -> str:
    """Read until the child has closed everything; the reason if it must be killed."""
    assert child.stdout is not None
    assert child.stderr is not None
    streams = {child.stdout.fileno(): record.stdout, child.stderr.fileno(): record.stderr}
    if result is not None:
        streams[result] = record.result
    ended = os.pidfd_open(child.pid)
    with selectors.DefaultSelector() as selector:
        for number in (*streams, ended):
            selector.register(number, selectors.EVENT_READ)
        try:
            while selector.get_map():
                left = limit - time.monotonic()
                if left <= 0:
                    return "timeout"
                ready = selector.select(min(left, _LOOK))
                reason = exceeded() if exceeded is not None and not ready else ""
                if reason:
                    return reason
                for key, _ in ready:
                    reason = _took(key.fd, streams, ended, selector, result)
                    if reason:
                        return "" if reason == "over" else reason
        finally:
            os.close(ended)
    return ""


def _took(
    number: int,
    streams: Mapping[int, Stream],
    ended: int,
    selector: selectors.BaseSelector,
    result: int | None,
) -> str:
    if number == ended:
        for each, stream in streams.items():  # what is still in the pipes; a grandchild may hold them open
            if each in selector.get_map():
                os.set_blocking(each, False)
                while _read(each, stream) > 0:
                    continue
        return "over"
    if _read(number, streams[number]) <= 0:
        selector.unregister(number)
    if streams[number].total > _FLOOD:
        return "output"
    return "result" if number == result and streams[number].truncated else ""


def _read(number: int, stream: Stream) -> int:
    try:
        data = os.read(number, _CHUNK)
    except BlockingIOError:
        return 0
    stream.total += len(data)
    stream.data += data[: max(0, stream.most - len(stream.data))]
    return len(data) if stream.total <= _FLOOD else 0
