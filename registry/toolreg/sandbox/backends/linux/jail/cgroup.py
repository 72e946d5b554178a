"""The control group of a call: entered before anything of the call is there, bounded once its limits are known."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PERIOD = 100_000  # microseconds of processor time that a quota is a part of
# The bounds that a group has before its plan is known. A plan without limits of its own needs no others.
_USUAL: dict[str, Any] = {
    "limits": {"memory": 1 << 30, "processes": 64},
    "disk": 64 << 20,
    "copied": 0,
    "processes": False,
}
# To move a whole process the kernel waits until every fork of the machine has been seen to be over, some 10 ms;
# to move the calling thread alone it does not. In version 2 a thread cannot leave its process.
_OWN_THREAD = {1: "tasks", 2: "cgroup.procs"}
_EVENTS = {1: "memory.oom_control", 2: "memory.events"}


class Hierarchy:
    """One folder that groups of calls are made in. Opened before the root is left, and used from then on."""

    def __init__(self, version: int, path: str, controllers: list[str]) -> None:
        self.version = version
        self.controllers = controllers
        self.folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._above = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._name = os.path.basename(path)

    def close(self) -> None:
        os.close(self.folder)
        os.close(self._above)

    def remove(self, groups: list[str]) -> None:
        """The groups that nobody is in, and the folder itself."""
        for folder, names in ((self.folder, groups), (self._above, [self._name])):
            for name in names:
                try:
                    os.rmdir(name, dir_fd=folder)
                except OSError:
                    continue

    def write(self, group: str, name: str, text: str) -> None:
        handle = os.open(f"{group}/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self.folder)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)

    def ended_by_memory(self, group: str) -> int:
        """How many processes of the group the kernel has ended for want of memory."""
        if "memory" not in self.controllers:
            return 0
        try:
            handle = os.open(
                f"{group}/{_EVENTS[self.version]}", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.folder
            )
        except OSError:
            return 0
        try:
            words = os.read(handle, 4096).split()
        finally:
            os.close(handle)
        return int(words[words.index(b"oom_kill") + 1]) if b"oom_kill" in words else 0


class Slots:
    """Groups for calls, used again and again: to make one is slow, to enter one is too."""

    def __init__(self, folders: list[dict[str, Any]]) -> None:
        self._hierarchies = [Hierarchy(**each) for each in folders]
        self._free: list[str] = []
        self._made: list[str] = []
        self._killed: dict[str, int] = {}

    def take(self) -> str:
        """The name of a group that nobody is in; nothing where there are none. Raises OSError."""
        if not self._hierarchies:
            return ""
        if self._free:
            return self._free.pop()
        name = f"call-{len(self._made)}"
        for each in self._hierarchies:
            os.mkdir(name, dir_fd=each.folder)
        self._made.append(name)
        return name

    def give_back(self, name: str) -> bool:
        """True if the kernel ended something in it for want of memory."""
        if not name:
            return False
        self._free.append(name)
        killed = sum(each.ended_by_memory(name) for each in self._hierarchies)
        before, self._killed[name] = self._killed.get(name, 0), killed
        return killed > before

    def enter(self, name: str) -> None:
        """Move this process, which has one thread, in under the usual limits. Raises OSError."""
        for each in self._hierarchies if name else ():
            each.write(name, _OWN_THREAD[each.version], "0")
            for setting, text in _settings(each, *_bounds(_USUAL)):
                each.write(name, setting, text)

    def bound(self, name: str, plan: dict[str, Any]) -> None:
        """Set what this plan has of limits other than the usual. Raises OSError."""
        for each in self._hierarchies if name else ():
            usual = _settings(each, *_bounds(_USUAL))
            for setting, text in _settings(each, *_bounds(plan)):
                if (setting, text) not in usual:
                    each.write(name, setting, text)

    def let_go(self) -> None:
        """Close the folders, in the child."""
        for each in self._hierarchies:
            each.close()
        self._hierarchies = []

    def close(self) -> None:
        """Remove every group that nobody is in."""
        for each in self._hierarchies:
            each.remove(self._made)
            each.close()


class Place:
    """The group of one call, for the process that enters it."""

    def __init__(self, slots: Slots, name: str) -> None:
        self._slots = slots
        self._name = name

    def enter(self) -> None:
        """Move this process in. Raises OSError."""
        self._slots.enter(self._name)

    def bound(self, plan: dict[str, Any]) -> None:
        """Set the call's limits; there is no way back. Raises OSError."""
        self._slots.bound(self._name, plan)
        self._slots.let_go()


def _bounds(plan: dict[str, Any]) -> tuple[int, int]:
    """Bytes of memory and number of tasks of a plan; files in memory count too."""
    limits = plan["limits"]
    memory = limits["memory"] + plan["disk"] + plan["copied"] + (64 << 20)
    return memory, limits["processes"] + (1 if plan["processes"] else 0)


def _settings(hierarchy: Hierarchy, memory: int, tasks: int) -> list[tuple[str, str]]:
    first = hierarchy.version == 1
    found = []
    if "memory" in hierarchy.controllers:
        found.append(("memory.limit_in_bytes" if first else "memory.max", str(memory)))
        if not first:
            found += [("memory.swap.max", "0"), ("memory.oom.group", "1")]
    if "pids" in hierarchy.controllers:
        found.append(("pids.max", str(tasks)))
    if "cpu" in hierarchy.controllers:
        # One processor for one call, however many threads it has.
        found.append(("cpu.cfs_quota_us", str(_PERIOD)) if first else ("cpu.max", f"{_PERIOD} {_PERIOD}"))
    return found
