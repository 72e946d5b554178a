"""One bare git repository: read at a commit, changed by compare-and-set, safe among processes."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.refs import Ref, check_ref_format
from dulwich.repo import Repo

from toolreg.hub.server.files import locked, write_atomic
from toolreg.hub.server.values import (
    Add,
    CommitLine,
    Delete,
    Entry,
    Operation,
    PathClash,
    RefExists,
    Settings,
    StaleParent,
    UnknownEntry,
    UnknownRevision,
)

_OID = re.compile(r"[0-9a-f]{40}")
_PLAIN = 0o100644
_T = TypeVar("_T", bound=ShaFile)


@dataclass(frozen=True, slots=True)
class Repository:
    """A bare repository at `path`; `lock` serialises those who change it."""

    repo_id: str
    path: Path
    lock: Path = field(compare=False)

    def settings(self) -> Settings:
        try:
            value = json.loads((self.path / "hub.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return Settings(created=self.path.stat().st_mtime)
        return Settings(**{k: v for k, v in value.items() if k in Settings.__slots__})

    def write_settings(self, settings: Settings) -> None:
        write_atomic(self.path / "hub.json", json.dumps(asdict(settings), sort_keys=True).encode())

    def refs(self) -> dict[str, str]:
        """Full name → commit, tags peeled: `refs/heads/main`, `refs/tags/v1.0.0`, `refs/pr/1`."""
        with self._git() as git:
            return {
                name.decode(): self._peeled(git, oid)
                for name, oid in git.refs.as_dict().items()
                if name.startswith(b"refs/")
            }

    def resolve(self, revision: str) -> str:
        """Branch, tag, `refs/…` or commit → 40-hex commit. Raises UnknownRevision."""
        if revision == "HEAD":  # the JavaScript client's word for the default branch
            revision = "main"
        with self._git() as git:
            for name in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
                if not check_ref_format(Ref(name.encode())) or not name.startswith("refs/"):
                    continue
                found = git.refs.read_ref(Ref(name.encode()))
                if found:
                    return self._peeled(git, ObjectID(found))
            if _OID.fullmatch(revision):
                return self._peeled(git, ObjectID(revision.encode()))
        raise UnknownRevision(revision)

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """Every file at a commit, sorted by path."""
        with self._git() as git:
            tree = _object(git, commit, Commit).tree
        return _entries(str(self.path), tree.decode())

    def entry(self, commit: str, path: str) -> Entry:
        """Raises UnknownEntry."""
        for entry in self.entries(commit):
            if entry.path == path:
                return entry
        raise UnknownEntry(path)

    def blob(self, oid: str) -> bytes:
        with self._git() as git:
            return _object(git, oid, Blob).data

    def file(self, commit: str, path: str) -> bytes | None:
        """The bytes of a plain file at a commit; None where there is none."""
        try:
            entry = self.entry(commit, path)
        except UnknownEntry:
            return None
        return self.blob(entry.oid) if entry.plain else None

    def history(self, commit: str, limit: int = 1000) -> list[CommitLine]:
        """The first-parent history, newest first."""
        lines: list[CommitLine] = []
        with self._git() as git:
            oid = commit
            while oid and len(lines) < limit:
                lines.append(_line(_object(git, oid, Commit)))
                oid = lines[-1].parents[0] if lines[-1].parents else ""
        return lines

    def last(self, commit: str) -> CommitLine:
        return self.history(commit, 1)[0]

    def commit(
        self,
        branch: str,
        operations: Sequence[Operation],
        message: str,
        *,
        author: str,
        parent: str | None = None,
        onto: str | None = None,
    ) -> str:
        """One new commit on a branch, or StaleParent and nothing changed.

        parent: the head the caller saw. onto: another full ref that gets the commit (a pull request)
        while `branch` stays. Raises UnknownEntry where a deleted file does not exist.
        """
        with locked(self.lock), self._git() as git:
            head = (
                self._read(git, f"refs/heads/{branch}")
                if not branch.startswith("refs/")
                else self._read(git, branch)
            )
            if parent is not None and parent != head:
                raise StaleParent(head or "")
            before = {e.path: e for e in self.entries(head)} if head else {}
            new = _write_commit(self.path, _apply(self.path, before, operations), head, message, author)
            target = onto or (branch if branch.startswith("refs/") else f"refs/heads/{branch}")
            self._write_ref(target, new)
        return new

    def add_ref(self, name: str, commit: str) -> None:
        """A new branch or tag. Raises RefExists, ValueError for a name git refuses."""
        if not check_ref_format(Ref(name.encode())):
            raise ValueError(name)
        with locked(self.lock), self._git() as git:
            if self._read(git, name) is not None:
                raise RefExists(name)
            self._write_ref(name, commit)

    def set_ref(self, name: str, old: str, new: str) -> None:
        """Move a ref from old to new. Raises StaleParent if it is elsewhere."""
        with locked(self.lock), self._git() as git:
            if self._read(git, name) != old:
                raise StaleParent(name)
            self._write_ref(name, new)

    def drop_ref(self, name: str) -> None:
        """Raises UnknownRevision."""
        with locked(self.lock), self._git() as git:
            if self._read(git, name) is None:
                raise UnknownRevision(name)
            (self.path / (name + ".lock")).unlink(missing_ok=True)
            git.refs.remove_if_equals(Ref(name.encode()), None)

    @contextmanager
    def _git(self) -> Iterator[Repo]:
        git = Repo(str(self.path))
        try:
            yield git
        finally:
            git.close()

    def _read(self, git: Repo, name: str) -> str | None:
        found = git.refs.read_ref(Ref(name.encode()))
        return self._peeled(git, ObjectID(found)) if found else None

    def _write_ref(self, name: str, commit: str) -> None:
        # Not through dulwich: its `.lock` files outlive a killed process and would close the branch.
        # And not from within refs/: what a killed process leaves there would itself be a branch or a tag.
        write_atomic(self.path / name, commit.encode() + b"\n", scratch=self.path)

    def _peeled(self, git: Repo, oid: ObjectID) -> str:
        try:
            found: ShaFile = git.object_store[oid]
            while isinstance(found, Tag):
                found = git.object_store[found.object[1]]
        except KeyError as error:
            raise UnknownRevision(oid.decode()) from error
        if not isinstance(found, Commit):
            raise UnknownRevision(oid.decode())
        return found.id.decode()


def blob_id(data: bytes) -> str:
    """The git id of a file's bytes."""
    return Blob.from_string(data).id.decode()


def _object(git: Repo, oid: str, kind: type[_T]) -> _T:
    try:
        found = git.object_store[ObjectID(oid.encode())]
    except KeyError as error:
        raise UnknownRevision(oid) from error
    if not isinstance(found, kind):
        raise UnknownRevision(oid)
    return found


@lru_cache(maxsize=4096)
def _entries(path: str, tree: str) -> tuple[Entry, ...]:
    found: list[Entry] = []
    with Repo(path) as git:
        todo = [("", tree)]
        while todo:
            prefix, oid = todo.pop()
            for item in _object(git, oid, Tree).iteritems():
                name = prefix + item.path.decode("utf-8", "surrogateescape")
                if stat.S_ISDIR(item.mode):
                    todo.append((name + "/", item.sha.decode()))
                    continue
                size = 0 if item.mode == 0o160000 else len(_object(git, item.sha.decode(), Blob).data)
                found.append(Entry(name, item.mode, item.sha.decode(), size))
    return tuple(sorted(found, key=lambda e: e.path))


def _apply(path: Path, before: dict[str, Entry], operations: Sequence[Operation]) -> str:
    """The tree after the operations; its blobs and trees are written."""
    files = {name: (entry.mode, entry.oid) for name, entry in before.items()}
    for operation in operations:
        match operation:
            case Add(name, data):
                files[name] = (_PLAIN, _put(path, Blob.from_string(data)))
            case Delete(name, folder):
                doomed = [f for f in files if (f.startswith(name.rstrip("/") + "/") if folder else f == name)]
                if not doomed:
                    raise UnknownEntry(name)
                for each in doomed:
                    del files[each]
    return _write_tree(path, files)


def _write_tree(path: Path, files: dict[str, tuple[int, str]]) -> str:
    tree, folders = Tree(), dict[str, dict[str, tuple[int, str]]]()
    for name, value in files.items():
        head, slash, rest = name.partition("/")
        if slash:
            folders.setdefault(head, {})[rest] = value
        else:
            tree.add(name.encode("utf-8", "surrogateescape"), value[0], ObjectID(value[1].encode()))
    clash = folders.keys() & files.keys()
    if clash:
        raise PathClash(sorted(clash)[0])
    for head, inner in folders.items():
        tree.add(
            head.encode("utf-8", "surrogateescape"), stat.S_IFDIR, ObjectID(_write_tree(path, inner).encode())
        )
    return _put(path, tree)


def _write_commit(path: Path, tree: str, head: str | None, message: str, author: str) -> str:
    commit = Commit()
    commit.tree = ObjectID(tree.encode())
    commit.parents = [ObjectID(head.encode())] if head else []
    commit.author = commit.committer = f"{author} <{author}@localhost>".encode()
    commit.author_time = commit.commit_time = int(time.time())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = message.encode()
    return _put(path, commit)


def _put(path: Path, obj: ShaFile) -> str:
    """Write a loose object whole; what a killed process left behind is never in the way."""
    oid = obj.id.decode()
    target = path / "objects" / oid[:2] / oid[2:]
    if not target.exists():
        write_atomic(target, obj.as_legacy_object(), mode=0o444, scratch=path)
    return oid


def _line(commit: Commit) -> CommitLine:
    author = commit.author.decode("utf-8", "replace").partition(" <")[0]
    message = commit.message.decode("utf-8", "replace")
    return CommitLine(
        commit.id.decode(), tuple(p.decode() for p in commit.parents), message, author, commit.commit_time
    )
