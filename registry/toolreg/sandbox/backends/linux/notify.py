"""Seccomp user notification from the supervisor's side: one trapped system call at a time, read and answered.

For seeing only. A call that is let through is read again by the kernel from memory that another thread may
have changed meanwhile (seccomp_unotify(2)), so nothing is ever allowed because of what its pointers said:
what must not happen is refused by number alone, or kept from happening by mounts, namespaces and Landlock.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from typing import NamedTuple

_RECEIVE, _ANSWER, _STILL_VALID, _SET_FLAGS = 0xC0502100, 0xC0182101, 0x40082102, 0x40082104
_ADD_DESCRIPTOR = 0x40182103
_CONTINUE = 1
_SYNCHRONOUS_WAKE_UP = 1
_CALL = struct.Struct("QIIiIQ6Q")
_REPLY = struct.Struct("QqiI")
_CHECK_EVERY = 64
_SLOW_NANOSECONDS = 1_000_000


class Trapped(NamedTuple):
    """A system call that waits for an answer. pid: of the thread, as this process sees it."""

    id: int
    pid: int
    number: int
    arguments: list[int]


class Listener:
    """The notification descriptor of one call's worker."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._buffer = bytearray(_CALL.size)
        self._count = 0
        self._delay = 0
        self._synchronous = self._flag(_SYNCHRONOUS_WAKE_UP)

    def receive(self) -> Trapped | None:
        """The next call; None if its thread died before it could be read."""
        self._buffer[:] = bytes(_CALL.size)
        try:
            fcntl.ioctl(self.descriptor, _RECEIVE, self._buffer, True)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):
                return None
            raise
        self._adapt()
        ident, pid, _, number, _, _, *arguments = _CALL.unpack(self._buffer)
        return Trapped(ident, pid, number, arguments)

    def valid(self, call: Trapped) -> bool:
        """True while the thread still waits: what was read of its memory is its own."""
        try:
            fcntl.ioctl(self.descriptor, _STILL_VALID, struct.pack("Q", call.id))
        except OSError:
            return False
        return True

    def answer(self, call: Trapped, refusal: int = 0) -> bool:
        """Let the kernel go on with it, or fail it with an errno. False if its thread is gone: it never happened."""
        return self._reply(_REPLY.pack(call.id, 0, -refusal, 0 if refusal else _CONTINUE))

    def done(self, call: Trapped, refusal: int) -> None:
        """Tell the caller how the call went that was made in its place."""
        self._reply(_REPLY.pack(call.id, 0, -refusal, 0))

    def _reply(self, reply: bytes) -> bool:
        try:
            fcntl.ioctl(self.descriptor, _ANSWER, reply)
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return False
        return True

    def replace(self, call: Trapped, source: int, number: int, close_on_exec: int) -> None:
        """Put a descriptor of ours over the caller's `number`, and let its call succeed."""
        over = 1
        try:
            fcntl.ioctl(
                self.descriptor,
                _ADD_DESCRIPTOR,
                struct.pack("QIIII", call.id, over, source, number, close_on_exec),
            )
        except OSError as error:
            self.answer(call, error.errno or errno.EBADF)
            return
        self._reply(_REPLY.pack(call.id, 0, 0, 0))

    def close(self) -> None:
        os.close(self.descriptor)

    def _adapt(self) -> None:
        """Waking on the worker's processor is seven times faster, unless others keep that processor busy."""
        self._count += 1
        if self._count == 1:
            self._delay = _waited()
        if not self._synchronous or self._count % _CHECK_EVERY:
            return
        waited = _waited()
        if waited - self._delay > _SLOW_NANOSECONDS * _CHECK_EVERY:
            self._synchronous = self._flag(0)
        self._delay = waited

    def _flag(self, value: int) -> bool:
        try:
            fcntl.ioctl(self.descriptor, _SET_FLAGS, value)
        except OSError:  # before Linux 6.6
            return False
        return bool(value)


def _waited() -> int:
    """Nanoseconds that this thread stood ready to run and had no processor."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return 0


class Memory:
    """Reads the memory of watched processes. What it reads may be a lie; it is bounded and never trusted."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}

    def read(self, pid: int, address: int, length: int) -> bytes:
        for attempt in (0, 1):
            try:
                data = os.pread(self._handle(pid), length, address)
            except (OSError, OverflowError):
                return b""
            if data or attempt:
                return data
            self._forget(pid)  # a process that is gone; its number may have a new owner
        return b""

    def text(self, pid: int, address: int, most: int = 4096) -> str:
        """A C string, or as much of it as can be read."""
        found = b""
        while len(found) < most:
            chunk = self.read(pid, address + len(found), min(256, 4096 - ((address + len(found)) & 4095)))
            end = chunk.find(b"\0")
            if end >= 0:
                return os.fsdecode(found + chunk[:end])
            if not chunk:
                break
            found += chunk
        return os.fsdecode(found)

    def close(self) -> None:
        for handle in self._open.values():
            os.close(handle)
        self._open.clear()

    def _handle(self, pid: int) -> int:
        if pid not in self._open:
            if len(self._open) > 64:
                self.close()
            self._open[pid] = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        return self._open[pid]

    def _forget(self, pid: int) -> None:
        handle = self._open.pop(pid, None)
        if handle is not None:
            os.close(handle)
