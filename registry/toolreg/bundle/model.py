"""What a bundle is: the published files of one tool, as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, order=True)
class Requirement:
    """One line of requirements.txt.

    name: the distribution. version: the installed one, or "" where it is not installed here.
    imports: top-level import names that need it. optional: the code goes on without it.
    """

    name: str
    version: str = ""
    imports: tuple[str, ...] = ()
    optional: bool = False

    def __str__(self) -> str:
        pinned = f"{self.name}=={self.version}" if self.version else self.name
        return f"{pinned}  # optional" if self.optional else pinned


@dataclass(frozen=True, slots=True)
class Note:
    """Something a publisher should know that is no reason to refuse: a line of the source and a sentence."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The published form of one tool: the same source gives the same bytes.

    name: the tool's name. entry: its class in tool.py. files: path in the repository → bytes.
    sources: the author's files it was made from. needs: constructor arguments that whoever loads it must give.
    data: the author's data files whose content stands in tool.py.
    """

    name: str
    entry: str
    files: Mapping[str, bytes]
    requirements: tuple[Requirement, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[str, ...] = field(default=())
    needs: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @property
    def code(self) -> bytes:
        """The bytes of tool.py: what is tried is what is published."""
        return self.files["tool.py"]

    def with_files(self, files: Mapping[str, bytes]) -> Bundle:
        """The same bundle with more files (the card, the page); tool.py cannot be replaced."""
        if files.get("tool.py", self.code) != self.code:
            raise ValueError("tool.py of a bundle is fixed")
        return Bundle(
            self.name,
            self.entry,
            {**self.files, **files},
            self.requirements,
            self.notes,
            self.sources,
            self.needs,
            self.data,
        )
