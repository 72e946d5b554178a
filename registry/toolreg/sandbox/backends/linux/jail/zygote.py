"""The fork server: stands ready in its own root, and forks one fresh child a call.

A process started with a clean environment, so that nothing of the host's memory is in its children.
"""

from __future__ import annotations

import _socket
import gc
import os
import resource
import select

from . import cgroup, init, keeper, libc, light, prepare, view, wire
from .wire import Descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SIGKILL, _SIGTERM = 9, 15
# Milliseconds of quiet before chores: an owner of one call only is gone by then, and need not wait for them.
_AT_FIRST, _LATER = 40, 3


def main(number: int, setup: dict[str, Any]) -> None:
    """Serve calls from the socket `number` until its other end is closed."""
    channel = _socket.socket(fileno=number)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        slots = cgroup.Slots(setup["cgroups"])
        template = prepare.fork_server(setup)
    except OSError as error:
        wire.send(channel, {"kind": "fault", "error": str(error)})
        return
    gc.freeze()
    try:
        Server(channel, template, setup["tier"], slots).run()
    finally:
        slots.close()
        if os.path.basename(setup["scratch"]).startswith("toolreg-scratch-"):
            prepare.remove(setup["scratch"])


class _Standby:
    """A child that has its namespaces and waits for a call."""

    __slots__ = ("handle", "pid", "requests")

    def __init__(self, pid: int, handle: int, requests: _socket.socket) -> None:
        self.pid = pid
        self.handle = handle
        self.requests = requests


class Server:
    """Forks, reaps and tells; one thread, so that forking is safe."""

    def __init__(
        self, channel: _socket.socket, template: view.Template, tier: str, slots: cgroup.Slots
    ) -> None:
        self._tier = tier
        self._slots = slots
        self._groups: dict[int, str] = {}  # by handle
        self._channel = channel
        self._template = template
        self._self = os.pidfd_open(os.getpid())
        self._running: dict[int, tuple[int, _socket.socket | None]] = {}
        self._keepers: set[int] = set()  # handles of those that must be let end their descendants
        self._standby: _Standby | None = None
        # For when nobody waits: what most tools import, so that no call has to; then the next call's child.
        self._chores: list[Callable[[], object]] = [_importing(name) for name in prepare.ALWAYS]
        self._chores += [lambda: prepare.make_filter(tier, processes=True), prepare.settle, self._stand_by]
        self._patience = _AT_FIRST
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)

    def run(self) -> None:
        """Until the owner is gone. The first call's child gets ready while the owner still prepares its request."""
        self._stand_by()
        wire.send(self._channel, {"kind": "ready"})
        quiet = False
        while True:
            pause = 0 if quiet or len(self._chores) == 1 else self._patience
            ready = self._poll.poll(pause if self._chores else None)
            quiet = not ready
            if quiet:
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
            try:
                self._standby = self._make()
            except OSError:
                return

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
        control = _socket.socket(fileno=descriptors.control)
        self._tell(control, {"kind": "started", "pid": pid}, (handle,))
        for number in (descriptors.payload, *descriptors.streams()):
            os.close(number)
        self._running[handle] = (pid, control)
        if not self._chores:
            self._chores.append(self._stand_by)
        return True

    def _hand_over(self, descriptors: Descriptors, *, alone: bool) -> tuple[int, int]:
        """A first process that runs this call, and its handle. Raises OSError."""
        if self._tier == "B":
            group = self._slots.take()
            pid = libc.clone(0)
            if pid == 0:
                self._forget_others()
                keeper.main(descriptors, self._self, cgroup.Place(self._slots, group))
            handle = self._follow(pid, group)
            if not alone:
                self._keepers.add(handle)
            return pid, handle
        standby, self._standby = self._standby or self._make(), None
        try:
            wire.send(standby.requests, {"kind": "call"}, descriptors.all())
        except BrokenPipeError:  # somebody ended it while it waited
            standby.requests.close()
            standby = self._make()
            wire.send(standby.requests, {"kind": "call"}, descriptors.all())
        finally:
            standby.requests.close()
        return standby.pid, standby.handle

    def _make(self) -> _Standby:
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        try:
            group = self._slots.take()
            pid = libc.clone(init.NAMESPACES)
        except OSError:
            ours.close()
            theirs.close()
            raise
        if pid == 0:
            ours.close()
            self._forget_others()
            init.main(theirs, self._self, self._template, cgroup.Place(self._slots, group))
        theirs.close()
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
        control = _socket.socket(fileno=descriptors.control)
        self._tell(control, {"kind": "fault", "error": str(error), "errno": error.errno})
        control.close()
        for number in (descriptors.payload, *descriptors.streams()):
            os.close(number)

    def _ended(self, handle: int) -> None:
        pid, control = self._running.pop(handle)
        self._poll.unregister(handle)
        self._keepers.discard(handle)
        os.close(handle)
        self._patience = _LATER
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

    def _tell(self, control: _socket.socket, message: dict[str, Any], numbers: tuple[int, ...] = ()) -> None:
        try:
            wire.send(control, message, numbers)
        except OSError:  # the host has given this call up
            return

    def _kill_all(self) -> None:
        for handle, (pid, _) in self._running.items():
            # The first of a namespace takes all with it; a keeper must be let do it. Not waited for: still theirs.
            os.kill(pid, _SIGTERM if handle in self._keepers else _SIGKILL)
        for pid, _ in self._running.values():
            os.waitpid(pid, 0)


def _importing(name: str) -> Callable[[], object]:
    return lambda: __import__(name)


def start(arguments: list[str]) -> None:
    main(int(arguments[0]), light.loads(arguments[1].encode()))
    os._exit(0)  # nothing here is worth being taken apart
