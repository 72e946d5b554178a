"""The repositories of a Hub: found, made, moved and removed below one folder."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dulwich.repo import Repo

from toolreg.hub.server.files import locked
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.values import Add, Operation, Settings

NAME = re.compile(r"(?!.*(?:\.\.|--))[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")


class UnknownRepository(Exception):
    """No repository of that name."""


class RepositoryExists(Exception):
    """The name is taken."""


def is_name(text: str) -> bool:
    """True for what the Hub takes as a namespace or a repository's name."""
    return bool(NAME.fullmatch(text)) and not text.endswith((".git", ".ipynb"))


@dataclass(frozen=True, slots=True)
class Store:
    """Bare repositories at `<root>/spaces/<namespace>/<name>`."""

    root: Path

    @property
    def spaces(self) -> Path:
        return self.root / "spaces"

    def names(self) -> Iterator[str]:
        """Every `namespace/name`, sorted."""
        for namespace in _folders(self.spaces):
            for name in _folders(self.spaces / namespace):
                if (
                    is_name(namespace)
                    and is_name(name)
                    and (self.spaces / namespace / name / "HEAD").is_file()
                ):
                    yield f"{namespace}/{name}"

    def open(self, repo_id: str) -> Repository:
        """Raises UnknownRepository."""
        path = self._path(repo_id)
        if path is None or not (path / "HEAD").is_file():
            moved = self.moved(repo_id)
            if moved is None:
                raise UnknownRepository(repo_id)
            return self.open(moved)
        return Repository(repo_id, path, self._lock(repo_id))

    def create(self, repo_id: str, settings: Settings, files: Mapping[str, bytes], author: str) -> Repository:
        """A new repository with one commit, visible only when whole. Raises RepositoryExists."""
        path = self._path(repo_id)
        if path is None:
            raise ValueError(repo_id)
        scratch_root = self.root / ".new"
        scratch_root.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=scratch_root))
        try:
            Repo.init_bare(str(scratch), default_branch=b"main").close()
            new = Repository(repo_id, scratch, scratch_root / (scratch.name + ".lock"))
            new.write_settings(settings)
            operations: list[Operation] = [Add(name, data) for name, data in files.items()]
            new.commit("main", operations, "initial commit", author=author)
            scratch.chmod(0o755)
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.root / ".locks" / "names"):
                if path.exists():
                    raise RepositoryExists(repo_id)
                os.rename(scratch, path)
                self._forget_move(repo_id)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            with suppress(FileNotFoundError):
                (scratch_root / (scratch.name + ".lock")).unlink()
        return self.open(repo_id)

    def delete(self, repo_id: str) -> None:
        """Remove a repository, at once for everybody who looks. Raises UnknownRepository."""
        path = self.open(repo_id).path
        scratch_root = self.root / ".new"
        scratch_root.mkdir(parents=True, exist_ok=True)
        grave = Path(tempfile.mkdtemp(dir=scratch_root))
        with locked(self.root / ".locks" / "names"), locked(self._lock(repo_id)):
            os.rename(path, grave / "gone")
        shutil.rmtree(grave, ignore_errors=True)

    def move(self, old: str, new: str) -> None:
        """Rename; the old name leads to the new one. Raises UnknownRepository, RepositoryExists."""
        source, target = self.open(old).path, self._path(new)
        if target is None:
            raise ValueError(new)
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.root / ".locks" / "names"), locked(self._lock(old)):
            if target.exists():
                raise RepositoryExists(new)
            os.rename(source, target)
            self._forget_move(new)
            link = self._move_file(old)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.write_text(new, encoding="ascii")

    def moved(self, repo_id: str) -> str | None:
        """Where a renamed repository went."""
        if self._path(repo_id) is None:
            return None
        try:
            return self._move_file(repo_id).read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def _path(self, repo_id: str) -> Path | None:
        namespace, _, name = repo_id.partition("/")
        return self.spaces / namespace / name if is_name(namespace) and is_name(name) else None

    def _lock(self, repo_id: str) -> Path:
        return self.root / ".locks" / repo_id.replace("/", "--")

    def _move_file(self, repo_id: str) -> Path:
        return self.root / ".moved" / repo_id.replace("/", "--")

    def _forget_move(self, repo_id: str) -> None:
        with suppress(FileNotFoundError):
            self._move_file(repo_id).unlink()


def _folders(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(path) if entry.is_dir())
    except FileNotFoundError:
        return []
