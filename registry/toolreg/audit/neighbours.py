"""What a file cannot be judged without: the author's own modules that it imports, and its fixtures.

They travel with the file, so that any process on any machine judges it as if it stood in its project.
Nothing is imported: import lines are found in the text, files by their path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolreg.contract.files import SKIPPED
from toolreg.errors import SourceError

MOST_FILES, MOST_BYTES = 80, 20_000_000
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))", re.M
)
_NAME = re.compile(r"\w[\w.]*")
_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands: the folder that its project begins in, and the folders that imports start from."""

    base: str
    roots: tuple[str, ...]
    marked: bool


def neighbours(path: str, data: bytes, *, fixtures: bool) -> tuple[str, dict[str, bytes]]:
    """(the file's path in its project, the other files it needs by theirs). Raises SourceError where they are too large."""
    place = _place(os.path.dirname(os.path.abspath(path)))
    found: dict[str, bytes] = {}
    todo = [(os.path.abspath(path), data)]
    while todo and len(found) < MOST_FILES:
        for file in _imported(*todo.pop(), place):
            name = os.path.relpath(file, place.base)
            if name not in found and file != os.path.abspath(path) and os.path.getsize(file) < MOST_BYTES:
                found[name] = _read(file)
                todo.append((file, found[name]))
    if found and place.marked:
        found.setdefault("pyproject.toml", b"")
    for file in _fixtures(path, data) if fixtures else ():
        found[os.path.relpath(file, place.base)] = _read(file)
        if sum(map(len, found.values())) > MOST_BYTES:
            raise SourceError(
                "its fixtures are larger than 20 MB", path=path, hint="make the fixtures smaller"
            )
    return os.path.relpath(os.path.abspath(path), place.base), found


def _place(folder: str) -> Place:
    above = folder
    while os.path.isfile(os.path.join(above, "__init__.py")) and os.path.dirname(above) != above:
        above = os.path.dirname(above)
    project = folder
    for _ in range(6):
        if any(os.path.exists(os.path.join(project, mark)) for mark in _MARKS):
            roots = tuple(dict.fromkeys((above, project, os.path.join(project, "src"))))
            return Place(os.path.commonpath([project, above]), roots, True)
        project = os.path.dirname(project)
    return Place(above, (above,), False)


def _imported(path: str, data: bytes, place: Place) -> Iterator[str]:
    """The files of the project that import lines of a file mean, and the `__init__.py` of every package on the way."""
    for dots, module, names, plain in _IMPORT.findall(data):
        listed = _NAME.findall((names or plain).decode("ascii", "ignore"))
        if plain:
            bases, tails = list(place.roots), [name.split(".") for name in listed]
        else:
            bases = [_up(path, len(dots))] if dots else list(place.roots)
            head = [part for part in module.decode("ascii", "ignore").split(".") if part]
            tails = [head, *([*head, name] for name in listed)]
        for base in bases:
            for tail in tails:
                yield from _files(base, tail)


def _up(path: str, dots: int) -> str:
    folder = os.path.dirname(path)
    for _ in range(dots - 1):
        folder = os.path.dirname(folder)
    return folder


def _files(base: str, parts: list[str]) -> Iterator[str]:
    if parts and parts[0] in SKIPPED:
        return
    for depth in range(len(parts) + 1):
        stem = os.path.join(base, *parts[:depth])
        init = os.path.join(stem, "__init__.py")
        if os.path.isfile(init):
            yield init
        if depth and os.path.isfile(stem + ".py"):
            yield stem + ".py"
        if depth and not os.path.isdir(stem):
            return


def _fixtures(path: str, data: bytes) -> Iterator[str]:
    """`NAME.files/` and `NAME.responses.json` beside a file, of the file's name or a word in it; plain files only."""
    folder, stem = os.path.split(os.path.abspath(path))
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        name = entry.name.partition(".")[0]
        if name != stem.removesuffix(".py") and name.encode() not in data:
            continue
        if entry.name.endswith(".responses.json") and entry.is_file(follow_symlinks=False):
            yield entry.path
        elif entry.name.endswith(".files") and entry.is_dir(follow_symlinks=False):
            for place, folders, names in os.walk(entry.path):
                folders.sort()
                files = (os.path.join(place, name) for name in sorted(names))
                yield from (f for f in files if os.path.isfile(f) and not os.path.islink(f))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(
            f"cannot read: {error.strerror}", path=path, hint="check its permissions"
        ) from error
