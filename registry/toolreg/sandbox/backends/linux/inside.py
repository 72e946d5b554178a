"""Paths as a watched process sees them: links resolved in its own root, never in ours."""

from __future__ import annotations

import ctypes
import os
import re
import struct
from functools import lru_cache

from toolreg.sandbox.backends.linux import interpreter
from toolreg.sandbox.backends.linux.jail import libc

_MOST_LINKS = 40
_MOST_PARTS = 256
_MOST_TASKS = 10_000
# A process's own view of itself leads to where it points.
_SELF = re.compile(r"/proc/(?:self|thread-self|\d+)(?:/task/\d+)?/(root|cwd|fd/(\d+))(?=/|\Z)")
_HANDLE = os.O_PATH | os.O_CLOEXEC if hasattr(os, "O_PATH") else 0
_IN_ROOT, _NO_MAGIC_LINKS = 0x10, 0x02
# What openat2 is told: follow the last link, or do not.
_HOW = {
    True: struct.pack("QQQ", _HANDLE, 0, _IN_ROOT | _NO_MAGIC_LINKS),
    False: struct.pack("QQQ", _HANDLE | getattr(os, "O_NOFOLLOW", 0), 0, _IN_ROOT | _NO_MAGIC_LINKS),
}
_SYSCALL = ctypes.CDLL(None).syscall
_SYSCALL.restype = ctypes.c_long
_SYSCALL.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def folder(pid: int, descriptor: int | None) -> str:
    """The folder that a relative path starts from."""
    try:
        return os.readlink(f"/proc/{pid}/cwd" if descriptor is None else f"/proc/{pid}/fd/{descriptor}")
    except OSError:
        return "/?"


class Tree:
    """The file tree of one call, which all its processes share: where a path of theirs leads.

    The kernel resolves it in one step, in their root and for no other process's sake; what it cannot tell this
    process (links of /proc, a last link that leads nowhere) is walked link by link. For the record alone: what a
    call may open is held by its mounts, and a path can be another by the time that the call goes on.
    """

    def __init__(self) -> None:
        self._root: int | None = None

    def find(self, pid: int, path: str, *, follow: bool) -> tuple[str, bool]:
        """(The absolute path inside with every link resolved, the last one only with `follow`; is it there?)."""
        if is_plainly_system(path):
            return path, present(pid, path)
        if not path.startswith("/proc"):
            found = self._handle_of(pid, path, follow) or self._below_its_folder(pid, path)
            if found is not None:
                return found
        path = resolve(pid, path, follow=follow)
        return path, present(pid, path)

    def close(self) -> None:
        if self._root is not None:
            os.close(self._root)

    def _handle_of(self, pid: int, path: str, follow: bool) -> tuple[str, bool] | None:
        handle = self._open(pid, path, follow)
        if handle < 0:
            return None
        try:
            name = os.readlink(f"/proc/self/fd/{handle}")
        finally:
            os.close(handle)
        return (name, True) if _is_plain(name) else None

    def _below_its_folder(self, pid: int, path: str) -> tuple[str, bool] | None:
        """A path that is not there, in a folder that is."""
        above, _, name = path.rpartition("/")
        if name in ("", ".", ".."):
            return None
        handle = self._open(pid, above or "/", True)
        if handle < 0:
            return None
        try:
            os.readlink(name, dir_fd=handle)
        except FileNotFoundError:
            top = os.readlink(f"/proc/self/fd/{handle}")
            return (f"{top.rstrip('/')}/{name}", False) if _is_plain(top) else None
        except OSError:
            return None
        finally:
            os.close(handle)
        return None  # a link that leads nowhere

    def _open(self, pid: int, path: str, follow: bool) -> int:
        if self._root is None:
            try:
                self._root = os.open(f"/proc/{pid}/root", _HANDLE | os.O_DIRECTORY)
            except OSError:  # it is gone
                return -1
        how = _HOW[follow]
        return int(_SYSCALL(libc.NUMBERS["openat2"], self._root, os.fsencode(path), how, len(how)))


def _is_plain(name: str) -> bool:
    """False for what only looks like a path, and for /proc, which shows this process another view of itself."""
    return name.startswith("/") and not name.startswith("/proc") and not name.endswith(" (deleted)")


def resolve(pid: int, path: str, *, follow: bool) -> str:
    """The absolute path inside, with every link resolved there (the last one only with `follow`)."""
    if is_plainly_system(path):
        return path
    parts = [part for part in path.split("/") if part not in ("", ".")][:_MOST_PARTS]
    done = "/"
    links = 0
    while parts:
        part = parts.pop(0)
        if part == "..":
            done = os.path.dirname(done)
            continue
        step = os.path.join(done, part)
        own = _own(pid, step)
        if own is not None:
            done = own
            continue
        target = _link(pid, step) if parts or follow else None
        if target is None or links >= _MOST_LINKS:
            done = step
            continue
        links += 1
        parts = [each for each in target.split("/") if each not in ("", ".")] + parts
        done = "/" if target.startswith("/") else done
    return done


def present(pid: int, path: str) -> bool:
    """True if the path is there in the process's view. Only for paths whose links are resolved."""
    try:
        os.lstat(f"/proc/{pid}/root{path}")
    except OSError:
        return False
    return True


def descriptor_flags(pid: int, descriptor: int) -> int:
    """The open flags of a process's descriptor."""
    try:
        with open(f"/proc/{pid}/fdinfo/{descriptor}", encoding="ascii") as file:
            return int(file.read().partition("flags:")[2].split()[0], 8)
    except (OSError, ValueError, IndexError):
        return 0


def tasks(pid: int) -> int:
    """Threads of a process and of all that descend from it."""
    count, waiting = 0, [pid]
    while waiting and count < _MOST_TASKS:
        each = waiting.pop()
        try:
            for thread in os.listdir(f"/proc/{each}/task"):
                count += 1
                with open(f"/proc/{each}/task/{thread}/children", encoding="ascii") as file:
                    waiting += map(int, file.read().split())
        except OSError:
            continue
    return count


def is_plainly_system(path: str) -> bool:
    """True for a path below the interpreter or the system's libraries that cannot lead out of them."""
    return "/.." not in path and _hidden(os.path.dirname(path))


def is_plain_read_of_system(path: str, flags: int) -> bool:
    return not flags & _WRITES and is_plainly_system(path)


@lru_cache(maxsize=4096)
def _hidden(directory: str) -> bool:
    return interpreter.view().hides(directory)


def _own(pid: int, step: str) -> str | None:
    match = _SELF.fullmatch(step)
    if match is None:
        return None
    if match[1] == "root":
        return "/"
    try:
        target = os.readlink(f"/proc/{pid}/cwd" if match[1] == "cwd" else f"/proc/{pid}/fd/{match[2]}")
    except OSError:
        return None
    return target if target.startswith("/") else None


def _link(pid: int, step: str) -> str | None:
    if step.startswith("/proc/") and step not in ("/proc/mounts", "/proc/net"):
        return None
    try:
        return os.readlink(f"/proc/{pid}/root{step}")
    except OSError:
        return None
