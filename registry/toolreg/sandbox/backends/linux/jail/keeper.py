"""The first process of a call without namespaces: the worker itself, unless it may start others.

Then it starts the worker, and ends everything that descends from it.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import _socket
import os
import select

from . import cgroup, libc, wire, worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .wire import Descriptors

_PR_SET_CHILD_SUBREAPER = 36
_AWAITED = (signal.SIGCHLD, signal.SIGTERM)


def main(descriptors: Descriptors, zygote: int, place: cgroup.Place) -> NoReturn:
    """Run one call. Never returns; a fault goes to the host as a message. SIGTERM ends the call."""
    control = _socket.socket(fileno=descriptors.control)
    code = 0
    try:
        plan, source = wire.read_payload(descriptors.payload)
        os.close(descriptors.payload)
        kept = plan["processes"]
        if kept:
            signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
            # Orphans of the call come to this process, so that none can slip away.
            libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        libc.die_with_parent(signal.SIGTERM if kept else signal.SIGKILL)
        if select.select([zygote], [], [], 0)[0]:
            os._exit(1)
        place.enter()
        place.bound(plan)
        wire.send(control, {"kind": "ready", "sockets": 0})
        if not kept:
            worker.main(plan, source, descriptors, control, -1, None)
        pid = os.fork()
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _AWAITED)
            libc.die_with_parent()
            worker.main(plan, source, descriptors, control, -1, None)
        for number in descriptors.streams():
            os.close(number)
        status = _wait(pid)
        wire.send(control, {"kind": "exit", "status": status})
    except BaseException as error:  # noqa: BLE001 - whatever broke, the host must hear of it
        code = 1
        wire.send(control, {"kind": "fault", "error": f"{type(error).__name__}: {error}"})
    finally:
        _end_all()
        os._exit(code)


def _wait(worker_pid: int) -> int:
    """Until the worker has ended or the host wants an end."""
    while True:
        if signal.sigwait(_AWAITED) == signal.SIGTERM:
            return -int(signal.SIGKILL)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == worker_pid:
                return os.waitstatus_to_exitcode(status)
            if pid == 0:
                break


def _end_all() -> None:
    """Kill every descendant; killed parents hand their children up to here, until none is left."""
    while True:
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return [pid for pid in _processes() if _parent(pid) == own]


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
