"""What an audit reads: files with their bytes, one after the other, from a folder, a lock file or a Hub."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolreg.contract import find_files, read_bytes
from toolreg.errors import SourceError, ToolregError

MAX_FIXTURES = 20_000_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One file to judge. label: where it came from, relative to the target. files: its fixtures, by name.

    origin: what a Hub says of it (repository, commit, version, signer); {} for a file of a folder.
    """

    label: str
    data: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    origin: Row = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def key(self, options: str) -> str:
        """The same key is the same judgement: content, fixtures and options."""
        digest = hashlib.sha256(f"{options}\n{self.sha256}\n".encode())
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
            yield Item(label, data, _fixtures(path) if fixtures and may_hold_a_tool(data) else {})
        except ToolregError as error:
            error.path = label
            yield Unread(label, error)


def _fixtures(path: str) -> dict[str, bytes]:
    """`STEM.files/` and `STEM.responses.json` beside a file; plain files only, and not without end."""
    folder, stem = os.path.dirname(path) or ".", os.path.basename(path).removesuffix(".py")
    found: dict[str, bytes] = {}
    total = 0
    for file in _fixture_files(folder, stem):
        total += os.path.getsize(file)
        if total > MAX_FIXTURES:
            raise SourceError(
                "its fixtures are larger than 20 MB", path=path, hint="make the fixtures smaller"
            )
        with open(file, "rb") as stream:
            found[os.path.relpath(file, folder).replace(os.sep, "/")] = stream.read()
    return found


def _fixture_files(folder: str, stem: str) -> Iterator[str]:
    answers = os.path.join(folder, f"{stem}.responses.json")
    if os.path.isfile(answers):
        yield answers
    for place, folders, names in os.walk(os.path.join(folder, f"{stem}.files")):
        folders.sort()
        for name in sorted(names):
            file = os.path.join(place, name)
            if os.path.isfile(file) and not os.path.islink(file):
                yield file
