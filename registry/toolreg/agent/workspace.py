"""The one folder that an agent's code, its tools and its user share; temporary unless named."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import weakref
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from toolreg.agent.owners import temporary_folder

_LARGEST_SENT = 6 << 20
_MOST_FILES = 2_000


class Files(Protocol):
    """A sandbox's own view of the folder."""

    def files(self) -> Any: ...

    def read(self, path: str) -> bytes: ...


class Workspace:
    """A folder on the host. The code inside has an overlay of it; `collect` and `changes` carry files across."""

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path or temporary_folder("toolreg-agent-")).resolve()
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        self._temporary = path is None
        if not self._temporary:
            self._remove.detach()
        self._inside: dict[str, tuple[int, int]] = {}
        self._outside = self._scan()

    def renew(self) -> None:
        """Make a temporary folder anew, in its place, if it was removed: an agent may run again after its end."""
        if not self._remove.alive and self._temporary and not self.path.exists():
            self.path.mkdir(mode=0o700)
            self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
            self._inside, self._outside = {}, {}

    def adopt(self, name: str, value: Any) -> Any:
        """A file of the host is copied into the workspace, and the variable becomes its path there."""
        if not isinstance(value, Path) or not value.is_file():
            return value
        target = self.path / value.name
        if target.exists() and not target.samefile(value):
            target = self.path / f"{name}-{value.name}"
        if not target.exists():
            shutil.copyfile(value, target)
        return PurePosixPath(target.name)

    def collect(self, session: Files | None) -> None:
        """Bring files that the code wrote out to the folder, so that tools and people see them."""
        if session is None:
            return
        for state in session.files():
            known = (state.size, state.changed)
            if self._inside.get(state.path) == known:
                continue
            self._inside[state.path] = known
            with contextlib.suppress(OSError):  # changed again meanwhile, or no plain file: it stays inside
                self._bring(session, state.path, state.deleted)

    def changes(self) -> list[list[str]]:
        """[path, base64] of files that changed on this side since last asked: what a tool wrote."""
        now = self._scan()
        changed = [name for name, state in now.items() if self._outside.get(name) != state]
        self._outside = now
        sent, left = [], _LARGEST_SENT
        for name in sorted(changed):
            left -= now[name][0]
            if left < 0:
                break
            with contextlib.suppress(OSError):
                sent.append([name, base64.b64encode(_read(self.path / name)).decode()])
        return sent

    def listing(self) -> list[dict[str, Any]]:
        """Every file with its size and SHA-256, for the record and for whoever reviews them."""
        found = []
        for name, (size, _) in sorted(self._scan().items()):
            with contextlib.suppress(OSError):
                digest = hashlib.sha256(_read(self.path / name)).hexdigest()
                found.append({"path": name, "size": size, "sha256": digest})
        return found

    def remove(self) -> None:
        """Remove a temporary folder; a named one stays."""
        self._remove()

    def _bring(self, session: Files, path: str, deleted: bool) -> None:
        target = self._target(path)
        if deleted:
            if target.is_file():
                target.unlink()
        else:
            data = session.read(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(
                target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
            )
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        state = _state(target)
        if state is None:
            self._outside.pop(path, None)
        else:
            self._outside[path] = state

    def _target(self, path: str) -> Path:
        target = self.path / path
        if not target.parent.resolve().is_relative_to(self.path):
            raise OSError("leads out of the workspace")
        return target

    def _scan(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = Path(folder, name)
                state = _state(path)
                if state is not None:
                    found[str(path.relative_to(self.path))] = state
                if len(found) >= _MOST_FILES:
                    return found
        return found


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if path.is_file() and not path.is_symlink() else None


def _read(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        return file.read()
