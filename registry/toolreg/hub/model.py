"""What a Hub tells of its repositories, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


def space_of(row: Mapping[str, Any]) -> Space:
    """A row of the listing as the Hub sends it. Raises KeyError and the like for what is none."""
    card = row.get("cardData")
    return Space(
        repo_id=str(row["id"]),
        commit=str(row.get("sha") or ""),
        files=tuple(str(s["rfilename"]) for s in row.get("siblings") or ()),
        tags=tuple(str(tag) for tag in row.get("tags") or ()),
        likes=int(row.get("likes") or 0),
        modified=str(row.get("lastModified") or ""),
        card=dict(card) if isinstance(card, Mapping) else {},
        sdk=str(row.get("sdk") or ""),
    )
