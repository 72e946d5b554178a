"""Where the author's own modules stand: an import that means one of their files, and which."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from toolreg.bundle.units import Source
from toolreg.contract import Module, parse_module, read_bytes
from toolreg.contract.files import SKIPPED

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_NATIVE = (".so", ".pyd", ".pyx")


@dataclass(frozen=True, eq=False)
class Project:
    """The files an author's tool may take code from."""

    main: Source
    _read: dict[str, Source] = field(default_factory=dict)

    @cached_property
    def folder(self) -> str:
        return os.path.dirname(os.path.realpath(self.main.path))

    @cached_property
    def package_root(self) -> tuple[str, str]:
        """The folder that holds the top-level package of the tool's file, and that package's name ("" if none)."""
        folder, name = self.folder, ""
        while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
            folder, name = os.path.dirname(folder), os.path.basename(folder)
        return folder, name

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Folders from which absolute imports of the author's modules are found."""
        above, package = self.package_root
        found = [above] if package else [self.folder]
        folder = self.folder
        for _ in range(6):
            if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
                found += [folder, os.path.join(folder, "src")]
                break
            if os.path.dirname(folder) == folder:
                break
            folder = os.path.dirname(folder)
        return tuple(dict.fromkeys(found))

    def find(self, dotted: str) -> str | None:
        """The file of an absolute module name, if it is the author's own; None if it is not."""
        if not os.path.isfile(self.main.path):
            return None
        for root in self._roots_for(dotted):
            path = _module_file(os.path.join(root, *dotted.split(".")))
            # A script named like the library it imports (`wikipedia.py`) does not mean itself.
            if path is not None and (
                self.package_root[1] or os.path.realpath(path) != os.path.realpath(self.main.path)
            ):
                return path
        return None

    def is_own(self, dotted: str) -> bool:
        """True if the top-level name of an import is a module or package of the author's."""
        top = dotted.split(".")[0]
        return any(
            _module_file(os.path.join(root, top)) is not None or _holds_python(os.path.join(root, top))
            for root in self._roots_for(dotted)
        )

    def _roots_for(self, dotted: str) -> list[str]:
        """Where a module of the author's may stand; among installed packages only the tool's own is one."""
        top = dotted.split(".")[0]
        if not os.path.isfile(self.main.path) or top in SKIPPED:
            return []
        return [
            r
            for r in self.roots
            if os.path.basename(r) not in SKIPPED | {"dist-packages"} or top == self.package_root[1]
        ]

    def native(self, dotted: str) -> str | None:
        """The author's own C extension of that name, if that is what it is."""
        for root in self._roots_for(dotted):
            base = os.path.join(root, *dotted.split("."))
            folder, stem = os.path.split(base)
            for name in _natives(folder, os.stat(folder).st_mtime_ns) if os.path.isdir(folder) else ():
                if name.split(".")[0] == stem:
                    return os.path.join(folder, name)
        return None

    def relative(self, source: Source, node: ast.ImportFrom) -> str:
        """The file a relative import starts from: a module's path, or a package's folder."""
        folder = os.path.dirname(os.path.realpath(source.path))
        for _ in range(node.level - 1):
            folder = os.path.dirname(folder)
        return os.path.join(folder, *(node.module or "").split(".")) if node.module else folder

    def at(self, base: str) -> str | None:
        """The file of a module below `base` (a path without .py)."""
        return _module_file(base)

    def source(self, path: str) -> Source:
        """Another of the author's files, read once. Raises SourceError."""
        key = os.path.realpath(path)
        if key == os.path.realpath(self.main.path):
            return self.main
        if key not in self._read:
            shown = os.path.relpath(path, os.getcwd()) if os.path.isabs(path) else path
            stem = os.path.splitext(os.path.basename(path))[0]
            label = os.path.basename(os.path.dirname(path)) if stem == "__init__" else stem
            self._read[key] = Source(_read(shown if not shown.startswith("..") else path), label)
        return self._read[key]


def _read(path: str) -> Module:
    data = read_bytes(path)
    return parse_module(path, data) if data.strip() else Module(path, data, "", ast.Module([], []))


def _module_file(base: str) -> str | None:
    for path in (base + ".py", os.path.join(base, "__init__.py")):
        if os.path.isfile(path):
            return path
    return None


def _holds_python(folder: str) -> bool:
    return os.path.isdir(folder) and any(name.endswith(".py") for name in os.listdir(folder))


@lru_cache(maxsize=64)
def _natives(folder: str, _changed: int) -> tuple[str, ...]:
    """The extension modules in a folder as it was when it last changed: many files ask for the same one."""
    return tuple(sorted(name for name in os.listdir(folder) if name.endswith(_NATIVE)))
