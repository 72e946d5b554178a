"""What an audit reads: files with their bytes, one after the other, from a folder, a lock file or a Hub."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolreg.audit.neighbours import neighbours
from toolreg.contract import find_files, read_bytes
from toolreg.errors import ToolregError
from toolreg.lint.waiver import today

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One file to judge. label: where it came from, relative to the target.

    files: what it cannot be judged without, its own modules and fixtures, by their path in its project;
    place: its own path there. origin: what a Hub says of it; {} for a file of a folder.
    """

    label: str
    data: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    origin: Row = field(default_factory=dict)
    place: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def key(self, options: str) -> str:
        """The same key is the same judgement: content, what it needs, and options."""
        # A waiver with an end is judged anew every day.
        day = str(today()) if b"toolreg:" in self.data and b"(until " in self.data else ""
        place = self.place if self.files else ""
        digest = hashlib.sha256(f"{options}{day}\n{self.sha256}\n{place}\n".encode())
        for name in sorted(self.files):
            digest.update(f"{name}\n{hashlib.sha256(self.files[name]).hexdigest()}\n".encode())
        return digest.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why: a row of the result, never a gap in it."""

    label: str
    error: ToolregError
    origin: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A repository at a commit that an earlier audit has judged: not fetched again."""

    label: str
    origin: Row


Found = Item | Unread | Unchanged


def place_key(origin: Row, options: str) -> str:
    """Names a repository at a commit under these options; "" for what comes from no Hub."""
    if not origin.get("commit"):
        return ""
    text = "\n".join([options, str(origin["hub"]), str(origin["repository"]), str(origin["commit"])])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def may_hold_a_tool(data: bytes) -> bool:
    """False only where no tool can stand: the word itself does not occur.

    Identifiers outside ASCII are folded by Python, so such a file is always looked at.
    """
    return b"tool" in data or b"Tool" in data or not data.isascii() or not data.strip()


def from_folder(target: str, *, fixtures: bool = False) -> Iterator[Found]:
    """Every Python file at and below a path. Raises SourceError where the target itself is unreadable."""
    root = target if os.path.isdir(target) else os.path.dirname(target) or "."
    for path in find_files([target]):
        label = os.path.relpath(path, root).replace(os.sep, "/")
        try:
            data = read_bytes(path)
            place, files = neighbours(path, data, fixtures=fixtures) if may_hold_a_tool(data) else (label, {})
            yield Item(label, data, files, {}, place.replace(os.sep, "/"))
        except ToolregError as error:
            error.path = label
            yield Unread(label, error)
