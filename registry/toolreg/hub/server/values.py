"""What a repository is made of and what can be wrong with a request for it, as plain values."""

from __future__ import annotations

import stat
from dataclasses import dataclass


class UnknownRevision(Exception):
    """No branch, tag, pull request or commit of that name."""


class UnknownEntry(Exception):
    """No such file at that commit."""


class PathClash(Exception):
    """A name would be a file and a folder at once."""


class StaleParent(Exception):
    """The branch moved since the caller looked."""


class RefExists(Exception):
    """The branch or tag is there already, with another target or the same."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What git does not know of a repository."""

    sdk: str = "static"
    private: bool = False
    created: float = 0.0
    likes: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: path, git mode, blob id and size in bytes."""

    path: str
    mode: int
    oid: str
    size: int

    @property
    def plain(self) -> bool:
        return stat.S_ISREG(self.mode)

    @property
    def symlink(self) -> bool:
        return stat.S_ISLNK(self.mode)


@dataclass(frozen=True, slots=True)
class Add:
    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a file, or everything below a folder."""

    path: str
    folder: bool = False


Operation = Add | Delete


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A commit of the history: id, parents, message, author, seconds since the epoch."""

    oid: str
    parents: tuple[str, ...]
    message: str
    author: str
    date: int
