"""The fork server: stands ready in its own root, and forks one fresh child a call.

A process started with a clean environment, so that nothing of the host's memory is in its children.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from . import cgroup, init, keeper, libc, root, seccomp, stub, view, wire
from .wire import Descriptors

_ALONE, _STARTED = 1, 2  # a worker's number in its own namespace
_ALWAYS = (
    "dataclasses",
    "datetime",
    "decimal",
    "encodings.idna",
    "inspect",
    "io",
    "json",
    "math",
    "re",
    "socket",
    "traceback",
    "typing",
)

_OF_EVERY_QUOTE = '''
def f():
    """One
    text."""
    return 'a', "b", f"{1}", r'c', 1.0
'''


def main(number: int, setup: dict[str, Any]) -> None:
    """Serve calls from the socket `number` until its other end is closed."""
    channel = socket.socket(fileno=number)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        slots = cgroup.Slots(setup["cgroups"])
        template = _prepare(setup)
    except OSError as error:
        wire.send(channel, {"kind": "fault", "error": str(error)})
        return
    gc.freeze()
    wire.send(channel, {"kind": "ready"})
    try:
        Server(channel, template, setup["tier"], slots).run()
    finally:
        slots.close()
        if os.path.basename(setup["scratch"]).startswith("toolreg-scratch-"):
            import shutil

            shutil.rmtree(setup["scratch"], ignore_errors=True)


def _prepare(setup: dict[str, Any]) -> view.Template:
    user, group = os.getuid(), os.getgid()
    if setup["tier"] == "A":
        libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWNS)
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
        root.build([(source, target) for source, target in setup["binds"]], setup["links"])
    sys.path[:] = setup["path"]
    sys.prefix = sys.exec_prefix = setup["prefix"]
    sys.dont_write_bytecode = True
    if not setup["real_smolagents"]:
        stub.install()
    for module in setup["preload"]:
        __import__(module)
    if setup["real_smolagents"]:
        _warm()
    counted = user == 0 and not setup["cgroups"]
    for processes, number in ((False, _ALONE), (True, _STARTED)):
        seccomp.for_this_machine(seccomp.Filter(processes=processes, count_tasks=counted, own_pid=number))
    return view.Template.of(
        tuple(target for _, target in setup["binds"] if os.path.exists(target)), setup["links"]
    )


def _warm() -> None:
    """The real package reads sources by tokens: their patterns are compiled here, not in every child."""
    import inspect

    inspect.getblock(_OF_EVERY_QUOTE.splitlines(keepends=True))


def _settle() -> None:
    """Keep the collector away from all that is there: to look at a page is to copy it."""
    gc.collect()
    gc.freeze()


class _Standby(NamedTuple):
    """A child that has its namespaces and waits for a call."""

    pid: int
    handle: int
    requests: socket.socket


class Server:
    """Forks, reaps and tells; one thread, so that forking is safe."""

    def __init__(
        self, channel: socket.socket, template: view.Template, tier: str, slots: cgroup.Slots
    ) -> None:
        self._tier = tier
        self._slots = slots
        self._groups: dict[int, str] = {}  # by handle
        self._channel = channel
        self._template = template
        self._self = os.pidfd_open(os.getpid())
        self._running: dict[int, tuple[int, socket.socket | None]] = {}
        self._keepers: set[int] = set()  # handles of those that must be let end their descendants
        self._standby: _Standby | None = None
        # For when nobody waits: what most tools import, so that no call has to; then the next call's child.
        self._chores: list[Callable[[], object]] = [partial(__import__, name) for name in _ALWAYS]
        self._chores += [_settle, self._stand_by]
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)

    def run(self) -> None:
        while True:
            ready = self._poll.poll(0 if self._chores else None)
            if not ready:
                self._chores.pop(0)()
            for number, _ in ready:
                if number in self._running:
                    self._ended(number)
                elif not self._request():
                    self._kill_all()
                    return

    def _stand_by(self) -> None:
        """Make the next call's child ready. What fails here shows when the call is made."""
        if self._tier == "A" and self._standby is None:
            with contextlib.suppress(OSError):
                self._standby = self._make()

    def _request(self) -> bool:
        message, numbers = wire.receive(self._channel)
        if not message:
            return False
        descriptors = Descriptors(*numbers)
        try:
            pid, handle = self._hand_over(descriptors, alone=message["alone"])
        except OSError as error:
            self._refuse(descriptors, error)
            return True
        control = socket.socket(fileno=descriptors.control)
        self._tell(control, {"kind": "started", "pid": pid}, (handle,))
        for number in descriptors[:-1]:
            os.close(number)
        self._running[handle] = (pid, control)
        self._chores.append(self._stand_by)
        return True

    def _hand_over(self, descriptors: Descriptors, *, alone: bool) -> tuple[int, int]:
        """A first process that runs this call, and its handle. Raises OSError."""
        if self._tier == "B":
            group = self._slots.take()
            pid = libc.clone(0)
            if pid == 0:
                self._forget_others()
                keeper.main(descriptors, self._self, self._template, cgroup.Place(self._slots, group))
            handle = self._follow(pid, group)
            if not alone:
                self._keepers.add(handle)
            return pid, handle
        standby, self._standby = self._standby or self._make(), None
        with standby.requests:
            try:
                wire.send(standby.requests, {"kind": "call"}, descriptors)
            except BrokenPipeError:  # somebody ended it while it waited
                standby = self._make()
                with standby.requests:
                    wire.send(standby.requests, {"kind": "call"}, descriptors)
        return standby.pid, standby.handle

    def _make(self) -> _Standby:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                group = self._slots.take()
                pid = libc.clone(init.NAMESPACES)
            except OSError:
                ours.close()
                raise
            if pid == 0:
                ours.close()
                self._forget_others()
                init.main(theirs, self._self, self._template, cgroup.Place(self._slots, group))
        return _Standby(pid, self._follow(pid, group), ours)

    def _follow(self, pid: int, group: str) -> int:
        handle = os.pidfd_open(pid)
        self._groups[handle] = group
        self._running[handle] = (pid, None)
        self._poll.register(handle, select.POLLIN)
        return handle

    def _forget_others(self) -> None:
        self._channel.close()
        for handle, (_, control) in self._running.items():
            os.close(handle)
            if control is not None:
                control.close()

    def _refuse(self, descriptors: Descriptors, error: OSError) -> None:
        with socket.socket(fileno=descriptors.control) as control:
            self._tell(control, {"kind": "fault", "error": str(error), "errno": error.errno})
        for number in descriptors[:-1]:
            os.close(number)

    def _ended(self, handle: int) -> None:
        pid, control = self._running.pop(handle)
        self._poll.unregister(handle)
        self._keepers.discard(handle)
        os.close(handle)
        _, status, usage = os.wait4(pid, 0)
        starved = self._slots.give_back(self._groups.pop(handle))
        if control is None:  # it ended while it waited
            self._forget_standby(pid)
            return
        spent = {
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * 1024,
            "starved": starved,
        }
        self._tell(control, {"kind": "over", "status": os.waitstatus_to_exitcode(status), **spent})
        control.close()

    def _forget_standby(self, pid: int) -> None:
        if self._standby is not None and self._standby.pid == pid:
            self._standby.requests.close()
            self._standby = None

    def _tell(self, control: socket.socket, message: dict[str, Any], numbers: tuple[int, ...] = ()) -> None:
        try:
            wire.send(control, message, numbers)
        except OSError:  # the host has given this call up
            return

    def _kill_all(self) -> None:
        for handle in self._running:
            # The first of a namespace takes all with it; a keeper must be let do it.
            signal.pidfd_send_signal(handle, signal.SIGTERM if handle in self._keepers else signal.SIGKILL)
        for pid, _ in self._running.values():
            os.waitpid(pid, 0)


def start(arguments: list[str]) -> None:
    main(int(arguments[0]), json.loads(arguments[1]))
