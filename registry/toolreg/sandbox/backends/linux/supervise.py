"""Watches one call from outside until it is over: reads its pipes, answers its network, ends it in time."""

from __future__ import annotations

import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.linux import inside
from toolreg.sandbox.backends.linux.egress import Egress
from toolreg.sandbox.backends.linux.jail import wire
from toolreg.sandbox.backends.linux.notify import Listener
from toolreg.sandbox.backends.linux.server import Pipes
from toolreg.sandbox.backends.linux.watch import Watch
from toolreg.sandbox.observation import Tier
from toolreg.sandbox.policy import Policy

_CHUNK = 65536
# What is printed beyond the limit is read and dropped; beyond this, the call is ended.
_FLOOD = 1 << 29
_GRACE = 10.0
_DISK_SECONDS, _LOOK_SECONDS = 0.25, 0.02


@dataclass(slots=True)
class Stream:
    """A bounded copy of what came through one pipe."""

    most: int
    data: bytearray = field(default_factory=bytearray)
    total: int = 0

    @property
    def truncated(self) -> bool:
        return self.total > len(self.data)


@dataclass(slots=True)
class Record:
    """What the supervisor knows when a call is over."""

    result: Stream
    stdout: Stream
    stderr: Stream
    killed: str = ""
    status: int | None = None
    cpu: float = 0.0
    most_cpu: float = math.inf
    memory: int = 0
    wall: float = 0.0
    uppers: list[int] = field(default_factory=list)
    egress: Egress | None = None
    watch: Watch | None = None

    @classmethod
    def empty(cls) -> Record:
        """Of a call that never began."""
        return cls(Stream(0), Stream(0), Stream(0))


class Supervisor:
    """One call's loop.

    Everything it reads from the pipes is hostile; control messages come from trusted code.
    """

    def __init__(
        self,
        pipes: Pipes,
        policy: Policy,
        *,
        tier: Tier = "A",
        disk_used: Callable[[], int] | None = None,
        own_files: str | None = None,
    ) -> None:
        self._tier = tier
        self.own_files = own_files
        self._disk_used = disk_used
        limits = policy.limits
        self._pipes = pipes
        self._policy = policy
        self._processes = bool(policy.of("run"))
        self._started = time.monotonic()
        self._deadline = self._started + limits.wall
        self._poll = select.poll()
        self._handlers: dict[int, Callable[[int, int], None]] = {}
        self._init: int | None = None
        self._pid = 0
        self._over = False
        self._looked = math.inf  # seconds that were left when the disk was looked at
        self.record = Record(Stream(limits.result), Stream(limits.output), Stream(limits.output))
        self.record.most_cpu = limits.cpu
        self._streams = {
            pipes.result: self.record.result,
            pipes.stdout: self.record.stdout,
            pipes.stderr: self.record.stderr,
        }

    def run(self) -> Record:
        """Until the call is over. Raises HarnessError if the sandbox itself failed."""
        for number in self._streams:
            self._watch(number, self._read)
        self._watch(self._pipes.control.fileno(), self._control)
        try:
            while not self._over:
                self._turn()
            self._look_at_disk(-math.inf)
            self._drain()
        finally:
            self._release()
        self.record.wall = time.monotonic() - self._started
        return self.record

    def _turn(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            if self.record.killed == "timeout" and left < -_GRACE:
                raise HarnessError(
                    "a call could not be ended", hint="look for a process that hangs in the kernel"
                )
            self.end("timeout")
            left = 1.0
        self._look_at_disk(left)
        for number, happened in self._poll.poll(
            min(left, 60.0 if self._disk_used is None else _DISK_SECONDS) * 1000
        ):
            handler = self._handlers.get(number)
            if handler is not None:
                handler(number, happened)

    def _look_at_disk(self, left: float) -> None:
        """End a call that wrote too much; `left` seconds before its end. To look costs, so not at each event."""
        if self._disk_used is None or self._looked - left < _LOOK_SECONDS:
            return
        self._looked = left
        if self._disk_used() > self._policy.limits.disk:
            self.end("disk")

    def end(self, reason: str) -> None:
        """Kill the call: its first process, which takes all others with it."""
        self.record.killed = self.record.killed or reason
        if self._init is not None:
            # Without namespaces a keeper must be let end its descendants; a call without any is killed itself.
            kept = self._tier == "B" and self._processes
            try:
                signal.pidfd_send_signal(self._init, signal.SIGTERM if kept else signal.SIGKILL)
            except ProcessLookupError:
                return

    def _watch(self, number: int, handler: Callable[[int, int], None]) -> None:
        self._handlers[number] = handler
        self._poll.register(number, select.POLLIN)

    def _forget(self, number: int) -> None:
        del self._handlers[number]
        self._poll.unregister(number)

    def _read(self, number: int, _: int = 0) -> None:
        stream = self._streams[number]
        data = os.read(number, _CHUNK)
        if not data:
            self._forget(number)
            return
        stream.total += len(data)
        stream.data += data[: max(0, stream.most - len(stream.data))]
        if number == self._pipes.result and stream.truncated:
            self.end("result")
        elif stream.total > _FLOOD:
            self.end("output")

    def _drain(self) -> None:
        """What was written and asked for before the end; nobody is left who could do more, so this cannot wait."""
        if self.record.egress is not None:
            self.record.egress.drain()
        for number in [number for number in self._streams if number in self._handlers]:
            os.set_blocking(number, False)
            try:
                while number in self._handlers:
                    self._read(number)
            except BlockingIOError:
                continue

    def _control(self, _: int, __: int) -> None:
        message, descriptors = wire.receive(self._pipes.control)
        match message.get("kind"):
            case "started":
                self._init, self._pid = descriptors[0], message["pid"]
                if self.record.killed:
                    self.end(self.record.killed)
            case "ready":
                self._ready(message, descriptors)
            case "listener":
                self.record.watch = watch = Watch(
                    Listener(descriptors[0]),
                    processes=self._processes,
                    most=self._policy.limits.events,
                    own_network=self._tier == "A",
                )
                watch.full = self._is_full if os.geteuid() == 0 else None
                watch.connect = (
                    self.record.egress.stand_in if self._tier == "B" and self.record.egress else None
                )
                watch.own_files = self.own_files
                self._watch(watch.descriptor, self._notified)
            case "exit":
                self.record.status = message["status"]
            case "fault":
                raise HarnessError(
                    _fault(message), hint="run `toolreg doctor`; if it is well, this is a fault of toolreg"
                )
            case "over":
                self.record.cpu, self.record.memory = message["cpu"], message["memory"]
                if message["starved"] and not self.record.killed:
                    self.record.killed = "memory"
                if self.record.status is None:  # the first process was the worker
                    self.record.status = message["status"]
                self._over = True
            case None:
                raise HarnessError(
                    "the sandbox's fork server died during a call", hint="run the command again"
                )

    def _is_full(self) -> bool:
        return inside.tasks(self._pid) >= self._policy.limits.processes

    def _notified(self, number: int, happened: int) -> None:
        if self.record.watch is not None and happened & select.POLLIN:
            self.record.watch.serve()
        else:  # nobody is left who could be seen
            self._forget(number)

    def _ready(self, message: dict[str, Any], descriptors: list[int]) -> None:
        count = message["sockets"]
        sockets = [socket.socket(fileno=number) for number in descriptors[:count]]
        self.record.uppers = descriptors[count:]
        self.record.egress = egress = Egress(sockets, self._policy)
        for number in egress.descriptors():
            self._watch(number, egress.serve)

    def _release(self) -> None:
        if self._init is not None:
            if not self._over:
                self.end("fault")
            os.close(self._init)
        if self.record.egress is not None:
            self.record.egress.close()
        if self.record.watch is not None:
            self.record.watch.close()
        self._pipes.close()


def _fault(message: dict[str, Any]) -> str:
    return f"the sandbox could not be set up: {message.get('error', 'no reason given')}"
