"""The author's own modules beside a tool's file: found by path, read, never imported."""

from __future__ import annotations

import ast
import os
import warnings
from functools import lru_cache

from toolreg.infer.machine import Exhausted, Frame, Machine
from toolreg.infer.scope import Space
from toolreg.infer.sink import Sink

MAX_MODULES, MAX_INSTALLED = 60, 2000
# smolagents' own modules, also where a fork of it is read: the catalogue knows what they do.
_SMOLAGENTS = frozenset(
    f"smolagents{m}"
    for m in ("", ".tools", ".agents", ".models", ".default_tools", ".agent_types", ".local_python_executor", ".utils", ".memory",
              ".tool_validation", ".remote_executors", ".monitoring", ".gradio_ui", "._function_type_hints_utils")
)  # fmt: skip
MAX_BYTES = 1_000_000


@lru_cache(maxsize=256)
def package_of(folder: str) -> tuple[str, str]:
    """(root folder, dotted package) of a folder: up while `__init__.py` stands there."""
    names: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")) and len(names) < 20:
        folder, name = os.path.split(folder)
        if not name:
            break
        names.insert(0, name)
    return folder, ".".join(names)


def space_of(path: str, tree: ast.Module) -> Space:
    """The file where the walk starts."""
    folder = os.path.dirname(os.path.abspath(path))
    _, package = package_of(folder)
    stem = os.path.basename(path).removesuffix(".py")
    return Space(path, f"{package}.{stem}" if package else stem, package, tree)


class Project:
    """Finds the modules that a file of the project, or of a searched folder, imports."""

    def __init__(self, machine: Machine, start: Space) -> None:
        self.machine = machine
        self.folder = os.path.dirname(os.path.abspath(start.path))
        root, self.package = package_of(self.folder)
        self.roots = list(dict.fromkeys([root, *([self.folder] if not self.package else [])]))
        self.read = 0
        machine.spaces[start.name] = start

    def find(self, name: str, asker: Space) -> Space | None:
        """The module of that name, walked; None if it is none of ours."""
        machine = self.machine
        if name in machine.spaces:
            return machine.spaces[name]
        machine.spaces[name] = None
        if name in _SMOLAGENTS:
            return None
        path = self._path(name) if machine.options.first_party else None
        if path is None and machine.options.search and not machine.catalogue.knows(name):
            path = _below(machine.options.search, name)
            if path is None and _is_native(machine.options.search, name):
                machine.native.add(name)
        limit = MAX_INSTALLED if machine.options.search else MAX_MODULES
        if path is None or self.read >= limit:
            return None
        self.read += 1
        tree = parse(path)
        if tree is None:
            return None
        machine.step(os.path.getsize(path) // 200)  # parsing costs too
        is_package = os.path.basename(path) == "__init__.py"
        space = Space(path, name, name if is_package else name.rpartition(".")[0], tree)
        machine.spaces[name] = space
        walk_module(machine, space)
        _ = asker
        return space

    def asked(self) -> set[str]:
        """The files that were read, and for each name that none was found for, where it would have stood."""
        found = {space.path for space in self.machine.spaces.values() if space is not None}
        tops = {name.partition(".")[0] for name, space in self.machine.spaces.items() if space is None} - {""}
        return found | {
            os.path.join(root, top + end) for root in self.roots for top in tops for end in (".py", "")
        }

    def _path(self, name: str) -> str | None:
        top = name.partition(".")[0]
        if not top:
            return None
        if self.package and top != self.package.partition(".")[0]:
            return None
        return _below(tuple(self.roots), name)


def _below(folders: tuple[str, ...], name: str) -> str | None:
    inner = os.path.join(*name.split("."))
    for folder in folders:
        for path in (os.path.join(folder, inner + ".py"), os.path.join(folder, inner, "__init__.py")):
            if os.path.isfile(path):
                return path
    return None


def _is_native(folders: tuple[str, ...], name: str) -> bool:
    """A compiled extension stands where the module should be."""
    head, _, stem = os.path.join(*name.split(".")).rpartition(os.sep)
    for folder in folders:
        try:
            there = os.listdir(os.path.join(folder, head))
        except OSError:
            continue
        if any(f.startswith(stem + ".") and f.endswith((".so", ".pyd")) for f in there):
            return True
    return False


def parse(path: str) -> ast.Module | None:
    """The tree of a file; None if it is too large or does not parse."""
    try:
        if os.path.getsize(path) > MAX_BYTES:
            return None
        with open(path, "rb") as file:
            data = file.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data, path)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def walk_module(machine: Machine, space: Space) -> None:
    """Walk what importing a module does, into a sink of its own."""
    outer_sink, outer_frame = machine.sink, getattr(machine, "frame", None)
    machine.sink = space.sink = Sink()
    machine.frame = Frame(space, "<module>", ("import",) if outer_frame is None else ("import", space.name))
    try:
        machine.run(space.tree.body, space.scope)
    except Exhausted:
        machine.question(space.tree, f"too large to follow: stopped after {machine.options.max_steps} steps")
    except RecursionError:
        machine.question(space.tree, "nested too deeply to follow")
    finally:
        machine.sink = outer_sink
        if outer_frame is not None:
            machine.frame = outer_frame
