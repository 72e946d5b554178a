"""The catalogue: what each known API does, read a section at a time from one flat file.

`catalog/*.toml` is what people edit; `catalog/compiled.txt` is made from it (`python -m
toolreg.infer.compile`), because reading TOML would cost each lint run more than the whole inference.
"""

from __future__ import annotations

import os
import re
import sys

from toolreg.infer.spec import UNLISTED, Entry, parse_spec

COMPILED = os.path.join(os.path.dirname(__file__), "catalog", "compiled.txt")
STDLIB = sys.stdlib_module_names
_builtin: Catalogue | None = None


_RETURNS = re.compile(r"-> ([\w.]+)")


class Section:
    """One importable name of a distribution. unlisted: what its APIs that are not named do."""

    __slots__ = ("_parsed", "_types", "body", "lines", "unlisted")

    def __init__(self, unlisted: str, body: str) -> None:
        self.unlisted, self.body = unlisted, body
        self.lines: dict[str, str] | None = None
        self._parsed: dict[str, Entry] = {}
        self._types: frozenset[str] | None = None

    @property
    def types(self) -> frozenset[str]:
        """What the section's calls return: their methods are listed where they reach out."""
        if self._types is None:
            self._types = frozenset(_RETURNS.findall(self.body))
        return self._types

    def get(self, name: str) -> Entry | None:
        entry = self._parsed.get(name)
        if entry is not None:
            return entry
        if self.lines is None:
            self.lines = dict(line.split("\t", 1) for line in self.body.splitlines() if line)
        line = self.lines.get(name)
        if line is None:
            return None
        entry = self._parsed[name] = parse_spec(line)
        return entry


class Catalogue:
    """Look-up of dotted names; what a look-up finds is remembered."""

    __slots__ = ("_found", "sections")

    def __init__(self, text: str = "") -> None:
        self.sections: dict[str, Section] = {}
        self._found: dict[str, tuple[str, Entry | None]] = {}
        self.add(text)

    def add(self, text: str) -> None:
        """Take in compiled text; a name in it replaces the same import's section of before."""
        for block in text.split("\n@")[1:]:
            head, _, body = block.partition("\n")
            name, unlisted = head.split(" ")
            self.sections[name] = Section(unlisted, body)
        self._found.clear()

    def section_of(self, name: str) -> Section | None:
        """The section for a dotted name: the longest import that starts it."""
        found = None
        for end in _prefix_ends(name):
            found = self.sections.get(name[:end]) or found
        return found

    def knows(self, name: str) -> bool:
        return self.section_of(name) is not None

    def lookup(self, name: str) -> tuple[str, Entry | None]:
        """(canonical name, entry); None where nobody knows what the API does."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._lookup(name, 0)
        return found

    def _lookup(self, name: str, depth: int) -> tuple[str, Entry | None]:
        section = self.section_of(name)
        if section is None or depth > 8:
            return name, None
        entry = section.get(name)
        if entry is not None and not entry.same_as:
            return name, None if entry.unknown else entry
        if entry is not None:
            return self._lookup(entry.same_as, depth + 1)
        last = name[name.rfind(".") :]
        for end in reversed(_prefix_ends(name)[:-1]):
            prefix = name[:end]
            entry = section.get(prefix)
            if entry is not None and entry.same_as:
                return self._lookup(entry.same_as + name[end:], depth + 1)
            entry = section.get(prefix + ".**" + last)
            if entry is None and "_" in last:
                entry = section.get(prefix + last.partition("_")[0] + "_*")
            entry = entry or section.get(prefix + ".*")
            if entry is not None:
                return name, None if entry.unknown else entry
        # Clients are listed with every method that reaches out: another method of a listed type does not.
        type_ = name[: name.rfind(".")]
        of_listed_type = section.get(type_) is not None or type_ in section.types
        if section.unlisted == "none" and "._" in name and is_stdlib(name) and _is_private(name):
            return name, None
        return name, UNLISTED if section.unlisted == "none" or of_listed_type else None


def builtin_catalogue() -> Catalogue:
    """The catalogue that comes with the package; read once a process."""
    global _builtin
    if _builtin is None:
        with open(COMPILED, encoding="utf-8") as file:
            _builtin = Catalogue(file.read())
    return _builtin


def is_stdlib(name: str) -> bool:
    return name.partition(".")[0] in STDLIB


def _is_private(name: str) -> bool:
    parts = name.split(".")[1:]
    return any(p.startswith("_") and not p.startswith("__") and p not in _PUBLIC for p in parts)


_PUBLIC = frozenset(
    ("_replace", "_asdict", "_make", "_fields", "_field_defaults", "_value_", "_name_", "_exit", "_meta")
)


def _prefix_ends(name: str) -> list[int]:
    ends, at = [], name.find(".")
    while at >= 0:
        ends.append(at)
        at = name.find(".", at + 1)
    ends.append(len(name))
    return ends
