"""Which files to read: paths and folders → Python files, each once, without following loops."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from toolreg.errors import SourceError

MAX_BYTES = 10_000_000
SKIPPED = frozenset(
    {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", "build", "dist", "site-packages"}
)


def find_files(paths: Iterable[str]) -> list[str]:
    """The .py files at and below `paths`, in the order given, folders sorted. Raises SourceError."""
    seen: set[tuple[int, int]] = set()
    found: list[str] = []
    for path in paths:
        try:
            below = (
                list(_walk(path, seen)) if os.path.isdir(path) else [path] if _first_visit(path, seen) else []
            )
        except OSError as error:
            raise SourceError(
                f"cannot read: {error.strerror}", path=path, hint="check the path and its permissions"
            ) from error
        found += below
    return found


def read_bytes(path: str) -> bytes:
    """The bytes of a file that is to be read as a tool. Raises SourceError."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(
            f"cannot read: {error.strerror}", path=path, hint="check the path and its permissions"
        ) from error
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"larger than {MAX_BYTES // 1_000_000} MB", path=path, hint="split the file, or exclude it"
        )
    return data


def _first_visit(path: str, seen: set[tuple[int, int]]) -> bool:
    stat = os.stat(path)
    key = (stat.st_dev, stat.st_ino)
    new = key not in seen
    seen.add(key)
    return new


def _walk(folder: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    if not _first_visit(folder, seen):
        return
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name in SKIPPED or entry.name.startswith("."):
            continue
        try:
            if entry.is_dir():
                yield from _walk(entry.path, seen)
            elif entry.name.endswith(".py") and _first_visit(entry.path, seen):
                yield entry.path
        except FileNotFoundError:  # a dangling link
            continue
