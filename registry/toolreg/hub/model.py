"""What a Hub tells of its repositories, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository at a commit: path → (git blob id, size in bytes); an id is None for what is no plain file."""

    repo_id: str
    commit: str
    files: Mapping[str, tuple[str | None, int]]
    private: bool = False

    @property
    def blobs(self) -> dict[str, str | None]:
        return {path: oid for path, (oid, _) in self.files.items()}


@dataclass(frozen=True, slots=True)
class Space:
    """A row of the Hub's listing."""

    repo_id: str
    commit: str
    files: tuple[str, ...]
    tags: tuple[str, ...]
    likes: int
    modified: str
    card: Mapping[str, object]
    sdk: str = ""
