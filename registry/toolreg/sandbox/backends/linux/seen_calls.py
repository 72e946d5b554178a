"""From trapped system calls to effects: which opens, connects and starts were more than Python at work."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from toolreg.effects import Effect
from toolreg.sandbox.backends.linux import interpreter, jail, programs
from toolreg.sandbox.backends.linux.egress import Egress, target_of
from toolreg.sandbox.backends.linux.jail.root import ETC_FILES
from toolreg.sandbox.backends.linux.seen import leads_to_grant
from toolreg.sandbox.backends.linux.watch import Event
from toolreg.sandbox.observation import ObservedEffect, Verdict
from toolreg.sandbox.policy import Policy

_WRITES = os.O_WRONLY | os.O_RDWR
_O_PATH = getattr(os, "O_PATH", 0x200000)
# Files that an interpreter, a C library or a program reads of its own accord.
_HARMLESS = re.compile(
    r"/dev/(null|zero|full|u?random|fd|stdin|stdout|stderr|tty)\Z"
    r"|/proc/(self|thread-self|\d+)(/task/\d+)?/(status|stat|statm|maps|cgroup|mountinfo|mounts"
    r"|fd|comm|cmdline|exe|limits|task)\Z"
    r"|/proc/(cpuinfo|meminfo|stat|uptime|loadavg|filesystems|version|mounts|sys/(kernel|vm|fs)/[\w/.-]+)\Z"
    r"|/sys/(devices/system/(cpu|node)|fs/cgroup|kernel/mm)(/.*)?\Z"
    r"|/etc/(gai\.conf|protocols|services|networks|ethers|ld\.so\.preload|inputrc"
    r"|terminfo/.*|timezone|locale\.alias)\Z"
    r"|/(etc|usr/local/etc)/([\w/]*/)?mime\.types\Z"
    r"|/(pyvenv\.cfg|pybuilddir\.txt)\Z"
)
# Tracebacks quote the sandbox's own code.
_OWN = os.path.dirname(jail.__file__) + "/"
_READS_AND_WRITES = ("open", "openat", "openat2", "creat", "inotify_add_watch")


_MAKES = (
    "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat", "rename", "renameat", "renameat2", "unlink", "unlinkat",
    "rmdir", "truncate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What the events are judged by: the policy, the plan that was carried out, and the way out."""

    policy: Policy
    plan: dict[str, Any]
    egress: Egress | None
    folder: str = "/work"
    private: tuple[str, ...] = ("/tmp", "/dev/shm")

    def target(self, path: str) -> str:
        """An inside path as effects write it."""
        if self._is_granted_by_its_own_path(path):
            return path
        if path == self.folder:
            return "."
        if path.startswith(self.folder + "/"):
            return path[len(self.folder) + 1 :]
        for each in self.plan["binds"]:
            if "written" in each and (path == each["source"] or path.startswith(each["source"] + "/")):
                return str(each["written"]) + path[len(each["source"]) :]
        home = self.plan["env"]["HOME"]
        return "~" + path[len(home) :] if path == home or path.startswith(home + "/") else path

    def _is_granted_by_its_own_path(self, path: str) -> bool:
        """True for a file of a host that has a folder of the workspace's inside name."""
        own = (e for e in self.policy.effects if e.kind in ("read", "write") and e.target.startswith("/"))
        return any(e.covers(Effect(e.kind, path)) for e in own)

    def shows(self, path: str) -> bool:
        """True if the plan made this path readable."""
        shown = [each["target"] for each in (*self.plan["binds"], *self.plan["roots"])]
        return any(path == each or path.startswith(each + "/") for each in (*shown, self.folder))


def of_events(events: Iterable[Event], scene: Scene) -> Iterator[ObservedEffect]:
    """Effects of a call's events, noise left out."""
    for event in events:
        if event.paths and event.name in ("execve", "execveat"):
            yield _program(event, scene)
        elif event.name in ("fork", "vfork", "clone"):
            yield ObservedEffect(Effect("run", "*"), "denied", "syscall", detail=event.name)
        elif event.paths:
            yield from _files(event, scene)
        elif event.address:
            yield from _network(event, scene)
        else:
            yield ObservedEffect(Effect("native", event.name), "denied", "syscall", detail="system call")


def _files(event: Event, scene: Scene) -> Iterator[ObservedEffect]:
    for path, present in zip(event.paths, event.present, strict=True):
        if _is_noise(path, present, event, scene):
            continue
        target = scene.target(path)
        if event.name not in _READS_AND_WRITES:
            yield _write(Effect("write", target), event, scene)
            continue
        if event.flags & _O_PATH and (present or scene.policy.allows(Effect("read", target))):
            continue
        if event.flags & (_WRITES | os.O_CREAT | os.O_TRUNC):
            yield _write(Effect("write", target), event, scene)
        if not event.flags & os.O_WRONLY and not (event.flags & os.O_RDWR and event.flags & os.O_TRUNC):
            yield from _read(Effect("read", target), path, present, event, scene)


def _is_noise(path: str, present: bool, event: Event, scene: Scene) -> bool:
    if path.startswith(_OWN) or (_HARMLESS.match(path) and not _writes_to_kernel(path, event)):
        return True
    if event.by_program and path.startswith("/etc/") and not event.flags & _WRITES:
        return True
    if event.name.startswith("mkdir") and leads_to_grant(scene.target(path), scene.policy, "write"):
        return True
    if path.startswith("/etc/") and path[5:] in ETC_FILES and not event.flags & _WRITES:
        return path not in ("/etc/passwd", "/etc/group")
    if interpreter.view().hides(path) or any(
        path == each or path.startswith(each + "/") for each in scene.plan["programs"]
    ):
        return not event.flags & (_WRITES | os.O_CREAT) and event.name in _READS_AND_WRITES
    private = any(path == each or path.startswith(each + "/") for each in scene.private)
    granted = scene.shows(path)
    if private and not granted:
        creates = bool(event.flags & os.O_CREAT) or event.name in _MAKES
        return present or creates
    return False


def _writes_to_kernel(path: str, event: Event) -> bool:
    """True for writing to a setting of the kernel. A thread's name is its own."""
    if not path.startswith(("/proc/", "/sys/")) or path.endswith("/comm"):
        return False
    return event.name not in _READS_AND_WRITES or bool(event.flags & (_WRITES | os.O_TRUNC))


def _write(effect: Effect, event: Event, scene: Scene) -> ObservedEffect:
    verdict: Verdict = "attempt" if scene.policy.allows(effect) and not event.refused else "denied"
    return ObservedEffect(effect, verdict, "syscall", detail=event.name)


def _read(effect: Effect, path: str, present: bool, event: Event, scene: Scene) -> Iterator[ObservedEffect]:
    granted = scene.policy.allows(effect)
    folder = bool(event.flags & os.O_DIRECTORY)
    if (
        folder
        and not granted
        and any(leads_to_grant(effect.target, scene.policy, kind) for kind in ("read", "write"))
    ):
        return
    if present and scene.shows(path):
        yield ObservedEffect(effect, "done", "syscall", detail=event.name)
    else:
        yield ObservedEffect(effect, "attempt" if granted else "denied", "syscall", detail=event.name)


def _program(event: Event, scene: Scene) -> ObservedEffect:
    path = event.paths[0]
    started = [each for each in scene.plan["programs"] if path == each or path.startswith(each + "/")]
    if not event.refused and event.present[0] and started:
        helper = [e for e in scene.policy.of("run") if path in programs.find(e.target).everything()]
        return ObservedEffect(
            Effect("run", helper[0].target if helper else path), "done", "syscall", detail=path
        )
    folder, name = os.path.split(path)
    known = folder in programs.SEARCH.split(":")
    return ObservedEffect(Effect("run", name if known else path), "denied", "syscall", detail=event.name)


def _network(event: Event, scene: Scene) -> Iterator[ObservedEffect]:
    if event.refused and event.name != "bind":
        yield ObservedEffect(Effect("net", "*"), "denied", "syscall", detail=f"{event.name}, {event.address}")
        return
    if event.port == 0 or (event.port == 53 and event.address in _resolvers()):
        return
    if event.name in ("bind", "listen"):
        effect = Effect("listen", str(event.port))
        yield ObservedEffect(
            effect,
            "done" if scene.policy.allows(effect) and not event.refused else "denied",
            "syscall",
            detail="bind",
        )
        return
    host = scene.egress.host_at(event.address) if scene.egress else event.address
    effect = Effect("net", target_of(host, event.port))
    local = host in ("127.0.0.1", "::1") and scene.policy.allows(
        Effect("net", target_of("localhost", event.port))
    )
    if (
        not scene.policy.allows(effect)
        and not any(o.covers(effect) for o in _hosts(scene.policy))
        and not local
    ):
        yield ObservedEffect(effect, "denied", "syscall", detail=event.name)


@lru_cache(maxsize=1)
def _resolvers() -> frozenset[str]:
    """Where a C library sends its name questions: here (tier A), or what this machine is set to (tier B)."""
    found = {"127.0.0.1", "::1"}
    try:
        with open("/etc/resolv.conf", encoding="utf-8", errors="replace") as file:
            found |= {line.split()[1] for line in file if line.startswith("nameserver ")}
    except OSError:
        pass
    return frozenset(found)


def _hosts(policy: Policy) -> tuple[Effect, ...]:
    return tuple(Effect("net", each.target) for each in policy.of("net"))
