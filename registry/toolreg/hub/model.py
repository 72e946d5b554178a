"""What a Hub tells of its repositories, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody looked, and there is no such repository."""


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


def plain_card(data: object) -> dict[str, object]:
    """A README's metadata object as JSON values; what it holds besides becomes text."""
    card: dict[str, object] = json.loads(json.dumps(vars(data), default=str)) if data else {}
    return {key: value for key, value in card.items() if value is not None}
