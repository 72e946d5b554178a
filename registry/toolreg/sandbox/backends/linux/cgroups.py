"""Control groups for calls, where this machine lets its user make some: found, made for a fork server, removed.

A group bounds all processes of a call together, root's too, and memory that no address space shows. Version 2
is used where a group above this process is delegated (systemd's user services, a container of one's own), version
1 where its folders may be written.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from toolreg.errors import HarnessError

_PREFIX = "toolreg-"
_WANTED = ("memory", "pids", "cpu")
_LIMIT = {1: {"memory": "memory.limit_in_bytes", "pids": "pids.max", "cpu": "cpu.cfs_quota_us"}}
_LIMIT[2] = {"memory": "memory.max", "pids": "pids.max", "cpu": "cpu.max"}
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Folder:
    """A group that may hold groups of ours. controllers: those that can be set in them."""

    version: int
    path: str
    controllers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delegation:
    """Where groups can be made; `reason` says why not, where there is nothing that bounds processes."""

    folders: tuple[Folder, ...] = ()
    reason: str = ""

    @property
    def mechanism(self) -> str:
        names = sorted({name for each in self.folders for name in each.controllers})
        versions = " and ".join(str(n) for n in sorted({each.version for each in self.folders}))
        return f"cgroup {versions}: {', '.join(names)}" if names else "cgroup"


@lru_cache(maxsize=1)
def delegation() -> Delegation:
    """What this process may use, tried for real. Kept for the process."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
            mounts = file.read()
        with open("/proc/self/cgroup", encoding="utf-8", errors="replace") as file:
            own = file.read()
    except OSError as error:
        return Delegation(reason=str(error))
    folders = tuple(each for each in candidates(mounts, own) if _works(each))
    held = {name for each in folders for name in each.controllers}
    if "pids" in held:
        return Delegation(folders)
    return Delegation(reason="no control group is delegated to this user")


def candidates(mounts: str, own: str) -> Iterator[Folder]:
    """From /proc/self/mountinfo and /proc/self/cgroup: the groups to try, the nearest first, each controller once."""
    groups = [line.split(":", 2) for line in own.splitlines() if line.count(":") >= 2]
    left = set(_WANTED)
    for point, top, kind, options in _hierarchies(mounts):
        for _, names, path in groups:
            place = _below(point, top, path)
            if kind == "cgroup" and names and names in options.split(",") and place is not None:
                found = tuple(name for name in names.split(",") if name in left)
                if found and os.access(place, os.W_OK):
                    left -= set(found)
                    yield Folder(1, place, found)
            elif kind == "cgroup2" and not names and place is not None:
                yield from _second_version(point, place, left)


def _second_version(point: str, place: str, left: set[str]) -> Iterator[Folder]:
    """The nearest group that hands its controllers on, or would if asked."""
    while place.startswith(point):
        found = tuple(
            name for name in _WANTED if name in left and name in _words(f"{place}/cgroup.controllers")
        )
        if "pids" in found and os.access(place, os.W_OK) and os.access(f"{place}/cgroup.procs", os.W_OK):
            missing = set(found) - set(_words(f"{place}/cgroup.subtree_control"))
            with contextlib.suppress(OSError):
                if missing:
                    _write(
                        f"{place}/cgroup.subtree_control", " ".join(f"+{name}" for name in sorted(missing))
                    )
                left -= set(found)
                yield Folder(2, place, found)
                return
        place = os.path.dirname(place)


def _hierarchies(mounts: str) -> Iterator[tuple[str, str, str, str]]:
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        words, rest = before.split(), after.split()
        if len(words) > 4 and len(rest) > 2 and rest[0] in ("cgroup", "cgroup2"):
            yield words[4], words[3], rest[0], rest[2]


def _below(point: str, top: str, path: str) -> str | None:
    """The folder of a group; None for one that this mount does not show."""
    inner = os.path.relpath(path, top)
    if inner.startswith(".."):
        return None
    return os.path.normpath(os.path.join(point, inner))


def _works(folder: Folder) -> bool:
    """Make a group, move a child of ours into it, set its limits, remove it."""
    path = os.path.join(folder.path, f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        os.mkdir(path)
    except OSError:
        return False
    try:
        limits = _LIMIT[folder.version]
        if not all(os.access(os.path.join(path, limits[name]), os.W_OK) for name in folder.controllers):
            return False
        child = os.fork()
        if child == 0:
            with contextlib.suppress(OSError):
                _write(f"{path}/cgroup.procs", "0")
                os._exit(0)
            os._exit(1)
        return os.waitpid(child, 0)[1] == 0
    finally:
        _remove(path)


class Groups:
    """The groups of one fork server, one folder in each hierarchy; their calls' groups lie in these."""

    def __init__(self) -> None:
        self.folders: list[Folder] = []
        for each in delegation().folders:
            _sweep(each.path)
            path = os.path.join(each.path, f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}")
            self.folders.append(Folder(each.version, path, each.controllers))
            try:
                os.mkdir(path)
                if each.version == 2:
                    _write(f"{path}/cgroup.subtree_control", " ".join(f"+{n}" for n in each.controllers))
            except OSError as error:
                self.close()
                raise HarnessError(
                    f"no control group can be made any more: {error}", hint="run the command again"
                ) from error

    def described(self) -> list[dict[str, object]]:
        return [{"version": f.version, "path": f.path, "controllers": f.controllers} for f in self.folders]

    def close(self) -> None:
        """Remove what the fork server itself could not."""
        for each in self.folders:
            _remove(each.path)


def _sweep(parent: str) -> None:
    """Groups of owners that were killed together with their fork server."""
    try:
        names = os.listdir(parent)
    except OSError:
        return
    for name in names:
        number = name.removeprefix(_PREFIX).partition("-")[0]
        if name.startswith(_PREFIX) and number.isdigit() and not os.path.exists(f"/proc/{number}"):
            _remove(os.path.join(parent, name), patience=0)


def _remove(path: str, patience: float = _PATIENCE) -> None:
    """A group and those in it; a group goes as soon as its last process is gone."""
    end = time.monotonic() + patience
    while True:
        try:
            for name in os.listdir(path):
                if os.path.isdir(os.path.join(path, name)):
                    os.rmdir(os.path.join(path, name))
            os.rmdir(path)
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() >= end:
                return
            time.sleep(0.01)
        else:
            return


def _words(path: str) -> list[str]:
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return []


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
