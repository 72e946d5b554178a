"""Modes and times of a call's own files, changed in its place.

Landlock keeps nobody from changing the mode or the times of a file that another rule lets them see. Without
mounts such a call is therefore done by the supervisor: on one handle, which it found below the call's folder
without following anything, so that no other file can be put in the way.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import time
from collections.abc import Callable

from toolreg.sandbox.backends.linux.notify import Memory, Trapped

_NOW, _KEEP = (1 << 30) - 1, (1 << 30) - 2  # UTIME_NOW, UTIME_OMIT
_NANO = 10**9
# Where a call keeps its path and its value: (folder's descriptor or None, path, value).
_ARGUMENTS: dict[str, tuple[int | None, int, int]] = {
    "chmod": (None, 0, 1), "fchmod": (0, 0, 1), "fchmodat": (0, 1, 2),
    "utime": (None, 0, 1), "utimes": (None, 0, 1), "futimesat": (0, 1, 2), "utimensat": (0, 1, 2),
}  # fmt: skip
NAMES = tuple(_ARGUMENTS)
PLACES = {name: (folder, path) for name, (folder, path, _) in _ARGUMENTS.items()}


def by_descriptor(call: Trapped, name: str) -> int | None:
    """The descriptor that is meant, where no path is given."""
    if name == "fchmod" or (name in ("utimensat", "futimesat") and call.arguments[1] == 0):
        return call.arguments[0] & 0xFFFFFFFF
    return None


def change(top: str, path: str, call: Trapped, name: str, memory: Memory) -> int:
    """Do what the call asked for, if `path` lies below `top`. Gives 0, or the errno that the call gets."""
    try:
        handle = _open_below(top, path)
    except OSError as error:
        return error.errno or errno.EPERM
    try:
        number = by_descriptor(call, name)
        if number is not None and not os.path.samestat(
            os.fstat(handle), os.stat(f"/proc/{call.pid}/fd/{number}")
        ):
            return errno.EPERM
        if stat.S_ISLNK(os.fstat(handle).st_mode):
            return 0  # a link's own mode and times mean nothing
        _deed(call, name, memory)(handle)
    except OSError as error:
        return error.errno or errno.EPERM
    finally:
        os.close(handle)
    return 0


def _deed(call: Trapped, name: str, memory: Memory) -> Callable[[int], None]:
    value = call.arguments[_ARGUMENTS[name][2]]
    if name.endswith(("chmod", "chmodat")):
        mode = value & 0o1777  # never a set-user bit
        return lambda handle: os.chmod(f"/proc/self/fd/{handle}", mode)
    given = _times(name, memory.read(call.pid, value, 32 if name != "utime" else 16) if value else b"")

    def touch(handle: int) -> None:
        status = os.fstat(handle)
        now = time.time_ns()
        kept = (status.st_atime_ns, status.st_mtime_ns)
        times = [now if t == _NOW else old if t == _KEEP else t for t, old in zip(given, kept, strict=True)]
        os.utime(f"/proc/self/fd/{handle}", ns=(times[0], times[1]))

    return touch


def _times(name: str, data: bytes) -> tuple[int, int]:
    """Nanoseconds of access and change, or one of the two marks. Raises OSError for what is no time."""
    if not data:
        return _NOW, _NOW
    if len(data) < (16 if name == "utime" else 32):
        raise OSError(errno.EFAULT, "no times there")
    if name == "utime":
        first, second = struct.unpack("qq", data)
        return first * _NANO, second * _NANO
    seconds, parts = struct.unpack("qqqq", data)[::2], struct.unpack("qqqq", data)[1::2]
    unit = 1 if name == "utimensat" else 1000
    one, two = (
        part if name == "utimensat" and part in (_NOW, _KEEP) else second * _NANO + part * unit
        for second, part in zip(seconds, parts, strict=True)
    )
    return one, two


def _open_below(top: str, path: str) -> int:
    """A handle of a path below `top`, reached without following a link. Raises OSError."""
    if not top or not (path == top or path.startswith(top + "/")):
        raise PermissionError(errno.EPERM, "not a file of the call")
    handle = os.open(top, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    for part in path[len(top) :].split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            os.close(handle)
            raise PermissionError(errno.EPERM, "not a plain path")
        try:
            inner = os.open(part, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
        finally:
            os.close(handle)
        handle = inner
    return handle
