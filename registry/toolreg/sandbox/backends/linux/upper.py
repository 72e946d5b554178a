"""What a call changed, read from its overlays without following anything that it left there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from toolreg.sandbox.backends.linux import grants
from toolreg.sandbox.observation import Change

_OPAQUE = "user.overlay.opaque"
_MOST_ENTRIES = 20_000
_DEEPEST = 64


def as_written(path: str) -> str:
    """An absolute path inside as effects write it: the home folder as `~`."""
    home = grants.HOME
    return "~" + path[len(home) :] if path == home or path.startswith(home + "/") else path


@dataclass(frozen=True, slots=True)
class Before:
    """What the host has, by paths as effects write them: relative ones below the workspace."""

    workspace: str | None

    def has(self, path: str) -> bool:
        place = self._place(path)
        return place is not None and os.path.lexists(place)

    def names(self, folder: str) -> list[str]:
        place = self._place(folder)
        return sorted(os.listdir(place)) if place is not None and os.path.isdir(place) else []

    def _place(self, path: str) -> str | None:
        return grants.on_host(path, self.workspace)


def changes(upper: int, target: str, before: Before) -> Iterator[Change]:
    """The differences below `target` (a path inside), given its overlay's upper folder as a descriptor."""
    base = "" if target == grants.WORK else as_written(target) + "/"
    for name, status, folder in islice(_entries(upper, "", 0), _MOST_ENTRIES):
        last = os.path.basename(name)
        yield _change(base + name, status, folder, last, before.has(base + name))
        if stat.S_ISDIR(status.st_mode):
            yield from _replaced(base + name, folder, last, before)


def _replaced(path: str, folder: int, name: str, before: Before) -> Iterator[Change]:
    """What a folder held that was removed and made anew: the overlay marks it, and lists only the new."""
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        if os.getxattr(inner, _OPAQUE) == b"y":
            kept = set(os.listdir(inner))
            yield from (
                Change("deleted", f"{path}/{each}") for each in before.names(path) if each not in kept
            )
    except OSError:  # no mark
        return
    finally:
        os.close(inner)


def _entries(folder: int, prefix: str, depth: int) -> Iterator[tuple[str, os.stat_result, int]]:
    for name in sorted(os.listdir(folder)):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        yield prefix + name, status, folder
        if stat.S_ISDIR(status.st_mode) and depth < _DEEPEST:
            try:
                inner = os.open(
                    name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder
                )
            except OSError:
                continue
            try:
                yield from _entries(inner, f"{prefix}{name}/", depth + 1)
            finally:
                os.close(inner)


def _change(path: str, status: os.stat_result, folder: int, name: str, existed: bool) -> Change:
    path = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    mode = status.st_mode
    if stat.S_ISCHR(mode) and status.st_rdev == 0:
        return Change("deleted", path)
    if stat.S_ISDIR(mode):
        return Change("folder", path, 0, mode & 0o777)
    if stat.S_ISLNK(mode):
        return Change("symlink", path, 0, 0o777, os.fsencode(os.readlink(name, dir_fd=folder)))
    if not stat.S_ISREG(mode):
        return Change("special", path)
    content = _content(name, folder, status)
    return Change("changed" if existed else "created", path, status.st_size, mode & 0o777, content)


def _content(name: str, folder: int, status: os.stat_result) -> bytes:
    """The file's bytes; a sparse giant is cut at what it really occupies."""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        return file.read(min(status.st_size, status.st_blocks * 512 + 4096))
