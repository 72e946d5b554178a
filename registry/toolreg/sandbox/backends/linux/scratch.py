"""Tier B's way with files.

Without mounts, a call works on copies in a folder of its own, and Landlock keeps it there.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from typing import Any

from toolreg.sandbox.backends.linux import grants, interpreter, plan, upper
from toolreg.sandbox.backends.linux.jail import landlock
from toolreg.sandbox.backends.linux.supervise import Record
from toolreg.sandbox.observation import Change
from toolreg.sandbox.policy import Call, Policy, PolicyError

_SYSTEM_FILES = (
    "/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
    "/etc/protocols", "/etc/services", "/etc/ssl", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
    "/lib", "/lib64",
)  # fmt: skip
# As the call sees them: `self` is another one there.
_SYSTEM_STATE = (
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/loadavg", "/proc/uptime",
)  # fmt: skip
_WRITABLE_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_MOST_FILES = 20_000
_State = tuple[int, int, int, int, int]


class ScratchStage:
    """The files of one call, as copies below `base`."""

    def __init__(self, policy: Policy, request: Call, layers: tuple[str, ...], base: str) -> None:
        self._policy = policy
        self.top = os.path.realpath(tempfile.mkdtemp(dir=base))
        self.folder, temporary = os.path.join(self.top, "work"), os.path.join(self.top, "tmp")
        os.mkdir(self.folder)
        os.makedirs(os.path.join(temporary, "home"))
        self.private = (temporary,)
        try:
            view = interpreter.view(moved_apart=False)
            made = plan.make(policy, request, view, watched="notify" in layers, layers=layers)
            self._fill(made)
            self.plan: dict[str, Any] = self._adapted(made, view, temporary)
        except BaseException:
            shutil.rmtree(self.top, ignore_errors=True)
            raise
        self._before = dict(self._states())

    def disk_used(self) -> int:
        """Bytes that lie in the call's folders now, above what was copied there."""
        total = sum(state[0] for _, state in self._states(self.top))
        return max(0, total - sum(state[0] for state in self._before.values()))

    def changes(self, record: Record) -> tuple[Change, ...]:  # noqa: ARG002 - a stage's signature
        """What the call changed, sorted by path; nothing that it left is followed."""
        now = dict(self._states())
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            changed = {name for name, state in now.items() if self._before.get(name) != state}
            found = [
                change
                for change in upper.changes(folder, grants.WORK, upper.Before(self._policy.workspace))
                if change.path in changed and not (change.kind == "folder" and change.path in self._before)
            ]
        finally:
            os.close(folder)
        gone = [Change("deleted", name) for name in self._before if name not in now]
        tops = [
            each
            for each in gone
            if os.path.dirname(each.path) not in self._before or os.path.dirname(each.path) in now
        ]
        return tuple(sorted((*found, *tops), key=lambda change: change.path))

    def close(self, record: Record) -> None:  # noqa: ARG002 - a stage's signature
        shutil.rmtree(self.top, ignore_errors=True)

    def _fill(self, made: dict[str, Any]) -> None:
        for root in made["roots"]:
            if root["target"] != grants.WORK:
                raise PolicyError(
                    f"without namespaces a write to {root['target']} cannot be caught first",
                    hint="write below the workspace, or run where user namespaces are allowed",
                )
            for name in root["folders"]:
                os.makedirs(os.path.join(self.folder, name), exist_ok=True)
            for source, name in [*root["copies"], *([[root["lower"], "."]] if root["lower"] else [])]:
                self._copy(source, name)
        for bind in made["binds"]:
            if bind["target"] == grants.WORK or bind["target"].startswith(grants.WORK + "/"):
                self._copy(bind["source"], os.path.relpath(bind["target"], grants.WORK))

    def _copy(self, source: str, name: str) -> None:
        target = os.path.normpath(os.path.join(self.folder, name))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=_special)
        elif os.path.isfile(source):
            shutil.copy2(source, target)
        if self._size() > self._policy.limits.disk * 16:
            raise PolicyError(
                "too much is granted to be copied for one call", hint="grant less, or raise limits.disk"
            )

    def _size(self) -> int:
        return sum(state[0] for _, state in self._states())

    def _states(self, top: str = "") -> Iterator[tuple[str, _State]]:
        """Size and stamps of everything below the folder; a tool cannot set a change time back."""
        count = 0
        top = top or self.folder
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                count += 1
                if count > _MOST_FILES:
                    return
                path = os.path.join(folder, name)
                try:
                    status = os.lstat(path)
                except OSError:
                    continue
                is_folder = stat.S_ISDIR(status.st_mode)
                stamps = (0, 0) if is_folder else (status.st_mtime_ns, status.st_ctime_ns)
                size = 0 if is_folder else status.st_blocks * 512
                yield (
                    os.path.relpath(path, top),
                    (size, 0 if is_folder else status.st_size, *stamps, 0 if is_folder else status.st_ino),
                )

    def _adapted(self, made: dict[str, Any], view: interpreter.View, temporary: str) -> dict[str, Any]:
        """The plan with the paths of this machine, and its Landlock rules spelled out."""
        home = os.path.join(temporary, "home")
        for each in made["binds"]:
            if each["target"].startswith(grants.HOME + "/"):
                link = home + each["target"][len(grants.HOME) :]
                os.makedirs(os.path.dirname(link), exist_ok=True)
                os.symlink(each["source"], link)
                each["written"], each["target"] = upper.as_written(each["target"]), each["source"]
        outside = [each for each in made["binds"] if not each["target"].startswith(grants.WORK)]
        sources = landlock.covering((*(source for source, _ in view.binds), *_SYSTEM_FILES))
        environment = {
            **made["env"],
            "HOME": os.path.join(temporary, "home"),
            "TMPDIR": temporary,
            "RES_OPTIONS": "use-vc attempts:1 timeout:3",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        if made["authority"]:
            authority = os.path.join(temporary, "authority.pem")
            with open(authority, "w", encoding="ascii") as file:
                file.write(made["authority"][1])
            environment = {
                name: authority if value == made["authority"][0] else value
                for name, value in environment.items()
            }
        return made | {
            "cwd": self.folder,
            "env": environment,
            "paths": {
                "read": [
                    *sources,
                    *_SYSTEM_STATE,
                    self.folder,
                    temporary,
                    *[each["source"] for each in outside],
                ],
                "write": [
                    temporary,
                    *_WRITABLE_DEVICES,
                    *[self._writable(path) for path in made["writable"]],
                ],
                "execute": made["programs"],
                "connect": [],
                "listen": [],
            },
        }

    def _writable(self, path: str) -> str:
        """The nearest folder that is there: to create a file is to change its folder."""
        mapped = os.path.normpath(os.path.join(self.folder, os.path.relpath(path, grants.WORK)))
        while not os.path.isdir(mapped):
            mapped = os.path.dirname(mapped)
        return mapped


def _special(folder: str, names: list[str]) -> set[str]:
    """Entries that are no file, folder or link: pipes and devices are not copied."""
    modes = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
    return {
        name
        for name, mode in modes.items()
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))
    }
