"""Which files to read: paths and folders → Python files, each once, without following loops."""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG

from toolreg.errors import SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES = 10_000_000
SKIPPED = frozenset(
    {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", "build", "dist", "site-packages"}
)


def find_files(paths: Iterable[str]) -> list[str]:
    """The .py files at and below `paths`, in the order given, folders sorted. Raises SourceError."""
    return [path for path, _ in find_stats(paths)]


def find_stats(paths: Iterable[str]) -> list[tuple[str, os.stat_result]]:
    """The same files, each with its metadata, which had to be asked for anyway."""
    seen: set[tuple[int, int]] = set()
    found: list[tuple[str, os.stat_result]] = []
    for path in paths:
        try:
            stat = os.stat(path)
            below = _walk(path, stat, seen) if S_ISDIR(stat.st_mode) else _new(path, stat, seen)
            found += below
        except OSError as error:
            raise SourceError(
                f"cannot read: {error.strerror}",
                path=path,
                hint="check the path and its permissions",
            ) from error
    return found


def read_bytes(path: str) -> bytes:
    """The bytes of a file that is to be read as a tool. Raises SourceError."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            regular = S_ISREG(os.fstat(file.fileno()).st_mode)
            data = file.read(MAX_BYTES + 1) if regular else b""
    except OSError as error:
        raise SourceError(
            f"cannot read: {error.strerror}", path=path, hint="check the path and its permissions"
        ) from error
    if not regular:
        raise SourceError("no regular file", path=path, hint="pass - to judge standard input")
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"larger than {MAX_BYTES // 1_000_000} MB", path=path, hint="split the file, or exclude it"
        )
    return data


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: a named pipe would wait for its writer for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _new(path: str, stat: os.stat_result, seen: set[tuple[int, int]]) -> list[tuple[str, os.stat_result]]:
    """The file, unless another path has led to it already."""
    key = (stat.st_dev, stat.st_ino)
    if key in seen:
        return []
    seen.add(key)
    return [(path, stat)]


def _walk(
    folder: str, stat: os.stat_result, seen: set[tuple[int, int]]
) -> Iterator[tuple[str, os.stat_result]]:
    if not _new(folder, stat, seen):
        return
    for entry in _entries(folder):
        name = entry.name
        if name in SKIPPED or name.startswith("."):
            continue
        try:
            if name.endswith(".py") and entry.is_file():
                yield from _new(entry.path, entry.stat(), seen)
            elif entry.is_dir():
                yield from _walk(entry.path, entry.stat(), seen)
        except FileNotFoundError:  # a dangling link
            continue
        except OSError:  # a link that leads to itself; whoever reads it says so
            if name.endswith(".py"):
                yield entry.path, entry.stat(follow_symlinks=False)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What stands in a folder, by name. Raises SourceError naming the folder."""
    try:
        return sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        hint = "check its permissions, or exclude it"
        raise SourceError(f"cannot read: {error.strerror}", path=folder, hint=hint) from error
