"""Turns trapped system calls into events: which call, which path or address, and whether it was refused."""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import NamedTuple

from toolreg.sandbox.backends.linux import inside, own_files
from toolreg.sandbox.backends.linux.jail import libc, seccomp
from toolreg.sandbox.backends.linux.notify import Listener, Memory, Trapped

# Where a call keeps its path: (argument with the folder's descriptor or None, argument with the path).
_PATHS: dict[str, tuple[tuple[int | None, int], ...]] = {
    "open": ((None, 0),), "creat": ((None, 0),), "openat": ((0, 1),), "openat2": ((0, 1),),
    "unlink": ((None, 0),), "rmdir": ((None, 0),), "unlinkat": ((0, 1),), "mkdir": ((None, 0),),
    "mkdirat": ((0, 1),),
    "rename": ((None, 0), (None, 1)), "renameat": ((0, 1), (2, 3)), "renameat2": ((0, 1), (2, 3)),
    "link": ((None, 0), (None, 1)), "linkat": ((0, 1), (2, 3)), "symlink": ((None, 1),),
    "symlinkat": ((1, 2),),
    "truncate": ((None, 0),), "chmod": ((None, 0),), "fchmodat": ((0, 1),), "chown": ((None, 0),),
    "lchown": ((None, 0),),
    "fchownat": ((0, 1),), "setxattr": ((None, 0),), "lsetxattr": ((None, 0),), "mknod": ((None, 0),),
    "mknodat": ((0, 1),), "inotify_add_watch": ((None, 1),),
    "execve": ((None, 0),), "execveat": ((0, 1),),
    **{name: (place,) for name, place in own_files.PLACES.items()},
}  # fmt: skip
_ADDRESSES = {"connect": (1, 2), "bind": (1, 2), "sendto": (4, 5)}
_OPEN_FLAGS = {"open": 1, "openat": 2}
_EXECS = ("execve", "execveat")
_FORKS = ("fork", "vfork", "clone")
_NAMES = {number: name for name, number in libc.NUMBERS.items()}
_PYTHON = os.path.realpath(sys.executable)
_ONLY_WHEN_ODD = ("socket", "fcntl", "prctl")  # the filter reports no others
_ALWAYS_REFUSED = frozenset((*seccomp.FORBIDDEN, "mknod", "mknodat", *_ONLY_WHEN_ODD))
_WITHOUT_NAMESPACES = frozenset(("bind", "listen", *seccomp.METADATA_REFUSED))
_CREAT_FLAGS = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
_AT_FDCWD = -100
_CLONE_THREAD = 0x10000
_HERE = 0x1000  # AT_EMPTY_PATH


class Event(NamedTuple):
    """One trapped call.

    paths: as the call sees them, links resolved; `present` says which of them are there.
    """

    name: str
    paths: tuple[str, ...] = ()
    present: tuple[bool, ...] = ()
    flags: int = 0
    address: str = ""
    port: int = 0
    refused: bool = False
    by_program: bool = False


class Watch:
    """Answers one call's notifications and keeps what they showed."""

    def __init__(self, listener: Listener, *, processes: bool, most: int, own_network: bool = True) -> None:
        self._listener = listener
        self._memory = Memory()
        self._tree = inside.Tree()
        self._most = most
        self._processes = processes
        forbidden = _ALWAYS_REFUSED if own_network else _ALWAYS_REFUSED | _WITHOUT_NAMESPACES
        self._refused = forbidden if processes else forbidden | {*_EXECS, *_FORKS}
        self.own_files: str | None = None
        self.full: Callable[[], bool] | None = None
        self.connect: Callable[[str, int], socket.socket | None] | None = None
        self.events: list[Event] = []
        self.seen = 0
        self.dropped = 0

    @property
    def descriptor(self) -> int:
        return self._listener.descriptor

    def serve(self) -> None:
        """Take one notification and answer it."""
        call = self._listener.receive()
        if call is None:
            return
        self.seen += 1
        name = _NAMES.get(call.number, "")
        refusal = self._refusal(call, name)
        if name in _FORKS and refusal != errno.EPERM:
            self._listener.answer(call, refusal)
            return
        event = None
        if len(self.events) < self._most:
            event = self._event(call, name, bool(refusal))
        else:
            self.dropped += 1
        if name == "connect" and self.connect is not None:
            valid = self._listener.valid(call)
            if valid:
                self._connect(call, self.connect)
        elif name in own_files.NAMES and self.own_files is not None:
            path, _ = self._path(call, name, *own_files.PLACES[name], follow=True)
            valid = self._listener.valid(call)
            if valid:
                self._listener.done(call, own_files.change(self.own_files, path, call, name, self._memory))
        else:
            valid = self._listener.answer(call, refusal)
        if event is not None and valid:  # else what was read of its memory may be another's
            self.events.append(event)

    def _refusal(self, call: Trapped, name: str) -> int:
        """Decided by number and plain values alone."""
        if name in _FORKS:
            is_thread = name == "clone" and bool(call.arguments[0] & _CLONE_THREAD)
            if not is_thread and name in self._refused:
                return errno.EPERM
            return errno.EAGAIN if self.full is not None and self.full() else 0
        return errno.EPERM if name in self._refused else 0

    def _connect(self, call: Trapped, stand_in: Callable[[str, int], socket.socket | None]) -> None:
        """Connect in the call's place: decided on one copy of the address, done with a socket of ours."""
        event = self._address(call, "connect")
        made = None if event is None or event.refused else stand_in(event.address, event.port)
        if made is None:
            self._listener.answer(call, errno.EACCES)
            return
        with made:
            number = call.arguments[0] & 0xFFFFFFFF
            flags = inside.descriptor_flags(call.pid, number)
            made.setblocking(not flags & os.O_NONBLOCK)
            self._listener.replace(call, made.fileno(), number, flags & os.O_CLOEXEC)

    def close(self) -> None:
        self._memory.close()
        self._tree.close()
        self._listener.close()

    def _event(self, call: Trapped, name: str, refused: bool) -> Event | None:
        if name in _ADDRESSES:
            event = self._address(call, name)
            return event._replace(refused=True) if event is not None and refused else event
        if name in _PATHS:
            flags = self._flags(call, name)
            follow = _follows(name, flags)
            found = [self._path(call, name, folder, path, follow=follow) for folder, path in _PATHS[name]]
            if name.startswith("open") and inside.is_plain_read_of_system(found[0][0], flags):
                return None
            if name in _EXECS:
                self._memory.close()  # the caller's memory is about to be another one
            paths, present = zip(*found, strict=True)
            return Event(name, paths, present, flags, refused=refused, by_program=self._is_program(call.pid))
        return Event(name, refused=refused)

    def _path(
        self, call: Trapped, name: str, folder: int | None, path: int, *, follow: bool
    ) -> tuple[str, bool]:
        meant = own_files.by_descriptor(call, name) if name in own_files.NAMES else None
        if meant is not None:
            where = inside.folder(call.pid, meant)
            return where, inside.present(call.pid, where)
        text = self._memory.text(call.pid, call.arguments[path])
        if not text.startswith("/"):
            number = _AT_FDCWD if folder is None else _signed(call.arguments[folder])
            text = os.path.join(inside.folder(call.pid, None if number == _AT_FDCWD else number), text)
        return self._tree.find(call.pid, text, follow=follow)

    def _flags(self, call: Trapped, name: str) -> int:
        if name == "creat":
            return _CREAT_FLAGS
        if name == "openat2":
            return int(
                struct.unpack("Q", self._memory.read(call.pid, call.arguments[2], 8).ljust(8, b"\0"))[0]
            )
        return call.arguments[_OPEN_FLAGS[name]] & 0xFFFFFFFF if name in _OPEN_FLAGS else 0

    def _is_program(self, pid: int) -> bool:
        """True for a started program, False for Python at the tool's work."""
        if not self._processes:
            return False
        try:
            return os.readlink(f"/proc/{pid}/exe") != _PYTHON
        except OSError:
            return False

    def _address(self, call: Trapped, name: str) -> Event | None:
        at, length = _ADDRESSES[name]
        data = self._memory.read(call.pid, call.arguments[at], min(call.arguments[length], 128))
        family = struct.unpack_from("H", data)[0] if len(data) >= 2 else 0
        if family == socket.AF_INET and len(data) >= 8:
            return Event(
                name,
                address=socket.inet_ntop(socket.AF_INET, data[4:8]),
                port=struct.unpack_from(">H", data, 2)[0],
            )
        if family == socket.AF_INET6 and len(data) >= 24:
            address = socket.inet_ntop(socket.AF_INET6, data[8:24]).removeprefix("::ffff:")
            return Event(name, address=address, port=struct.unpack_from(">H", data, 2)[0])
        return None if family == 0 else Event(name, address=f"family {family}", refused=True)


def _follows(name: str, flags: int) -> bool:
    return name in ("truncate", "execve", *own_files.NAMES) or (
        name.startswith(("open", "creat")) and not flags & os.O_NOFOLLOW
    )


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value & 0x80000000 else value
