"""Names of published files: those that mean the same file on every system, and no other place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

MANIFEST = "toolreg.json"
SIGNATURE = "toolreg.json.sigstore"
OWN = frozenset({MANIFEST, SIGNATURE})
# The Hub puts this file into every repository it creates and it holds only git's storage rules: it is never
# fetched, loaded or executed, so it is the one file that may lie beside the published ones unlisted.
PLATFORM = frozenset({".gitattributes"})

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)
_LONGEST = 200


def problem_of_name(name: str) -> str:
    """Why a name is not a plain relative path; empty if it is one."""
    if not name or len(name.encode("utf-8", "replace")) > _LONGEST:
        return "empty or too long"
    if unicodedata.normalize("NFC", name) != name:
        return "not in Unicode normal form C"
    if any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or c in '\\:*?"<>|'
        for c in name
    ):
        return "a character that some system reads in another way"
    for part in name.split("/"):
        if part in ("", ".", ".."):
            return "leaves its folder"
        if part != part.strip(" ") or part.endswith(".") or part.split(".")[0].lower() in _RESERVED:
            return "a name that some system reads in another way"
        if part.lower() == ".git":
            return "inside git's own folder"
    return ""


def problem_of_names(names: Iterable[str]) -> str:
    """Why a set of published names is refused; empty if it is fine."""
    seen: dict[str, str] = {}
    every = list(names)
    for name in every:
        problem = problem_of_name(name)
        if problem:
            return f"unsafe file name {name!r}: {problem}"
        if name.lower() in OWN | PLATFORM:
            return f"{name!r} cannot be a published file"
        folded = _fold(name)
        if folded in seen:
            return f"{seen[folded]!r} and {name!r} are one file on some systems"
        seen[folded] = name
    for name in every:
        for parent in PurePosixPath(name).parents:
            if _fold(str(parent)) in seen:
                return f"{str(parent)!r} is both a file and a folder"
    return ""


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
