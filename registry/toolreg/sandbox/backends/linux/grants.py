"""Read and write effects as things on the host's disk.

What is shown, what is copied, where changes are caught.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from toolreg.effects import Effect, is_glob, literal
from toolreg.sandbox.policy import Policy, PolicyError

WORK = "/work"
HOME = "/tmp/home"
_SCRATCH = ("/tmp", "/dev/shm", "/var/tmp")
_NEVER_WRITTEN = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc",
    "/proc",
    "/dev",
    "/sys",
    "/boot",
)
_MOST_FILES = 20_000


@dataclass(slots=True)
class Tree:
    """A folder whose changes are caught: everything of `lower` shows, or only `copies` and `folders`."""

    target: str
    lower: str | None = None
    folders: set[str] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The parts of a plan as they are found; inside paths throughout, host paths where the name says so."""

    workspace: str | None
    binds: dict[str, str] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    writable: list[str] = field(default_factory=list)
    copied: int = 0


def inside(path: str) -> str:
    """An effect's path as the call sees it; `~` is its home folder."""
    if _is_home(path):
        return os.path.normpath(HOME + path[1:])
    return os.path.normpath(path if path.startswith("/") else f"{WORK}/{path}")


def on_host(path: str, workspace: str | None) -> str | None:
    """An effect's path on this machine; None for a relative one without a workspace."""
    if _is_home(path):
        return str(Path.home()) + path[1:]
    if path.startswith("/"):
        return path
    return None if workspace is None else os.path.join(workspace, path)


def _is_home(path: str) -> bool:
    return path == "~" or path.startswith("~/")


def _is_relative(path: str) -> bool:
    return not path.startswith("/") and not _is_home(path)


def _is_scratch(effect: Effect) -> bool:
    """True for "anything in the temporary folder".

    Every call has one of its own, and it is no file of the host.
    """
    return effect.target in _SCRATCH or (is_glob(effect.target) and _fixed_part(effect.target) in _SCRATCH)


def read(draft: Draft, effect: Effect) -> None:
    for path in _matches(draft, effect):
        source = _host(draft, path)
        if source is not None and os.path.exists(source):
            _show(draft, inside(path), source, source)


def _show(draft: Draft, target: str, source: str, top: str) -> None:
    """Show a path; of a folder in which something may be written, everything beside that."""
    if _shown(draft, target):
        return
    if len(draft.binds) > _MOST_FILES:
        raise PolicyError(
            f"too many files beside what may be written ({target})", hint="grant a smaller folder"
        )
    if os.path.isdir(source) and any(path.startswith(target + "/") for path in draft.writable):
        for name in sorted(os.listdir(source)):
            real = os.path.realpath(os.path.join(source, name))
            if real.startswith(top.rstrip("/") + "/"):  # a link out of what is granted shows nothing
                _show(draft, f"{target}/{name}", real, top)
    elif target not in draft.writable:
        draft.binds[target] = source


def write(draft: Draft, effect: Effect, policy: Policy) -> None:
    if inside(literal(effect.target)).startswith(tuple(f"{place}/" for place in _NEVER_WRITTEN)):
        raise PolicyError(f"'{effect}' lies in the system's own folders", hint="write below the workspace")
    if _is_scratch(effect):
        return
    tree = _tree_of(draft, effect)
    whole = _is_relative(effect.target) and _is_everything(effect.target)
    if whole and draft.workspace is not None and not _has_foreign_files(draft.workspace):
        tree.lower = draft.workspace
    base = _fixed_part(effect.target)
    draft.writable.append(inside(base) if is_glob(effect.target) else inside(literal(effect.target)))
    if tree.lower is not None:
        return
    _show_parents(draft, tree, base if is_glob(effect.target) else os.path.dirname(literal(effect.target)))
    for path in _matches(draft, effect):
        source = _host(draft, path)
        if source is not None:
            _copy(draft, tree, source, os.path.relpath(inside(path), tree.target), policy)


def _has_foreign_files(workspace: str) -> bool:
    """True if root's workspace holds other users' files: an overlay cannot copy those up, so they are copied before."""
    if os.geteuid() != 0:
        return False
    found = (
        os.path.join(top, name) for top, folders, files in os.walk(workspace) for name in (*folders, *files)
    )
    return any(os.lstat(path).st_uid != 0 for path in islice(found, _MOST_FILES))


def _tree_of(draft: Draft, effect: Effect) -> Tree:
    """Relative targets share the workspace's tree; an absolute one has its folder's."""
    target = WORK
    if not _is_relative(effect.target):
        base = _fixed_part(effect.target)
        whole = is_glob(effect.target) or os.path.isdir(on_host(base, None) or base)
        target = inside(base if whole else os.path.dirname(base))
        if target in ("/", os.path.dirname(HOME)):
            raise PolicyError(f"'{effect}' would need the whole root folder", hint="name a folder below it")
    return draft.trees.setdefault(target, Tree(target))


def _show_parents(draft: Draft, tree: Tree, folder: str) -> None:
    """A file's folder is there if the host has it, though nothing else of it shows."""
    source = _host(draft, folder or ".")
    if source is not None and os.path.isdir(source):
        tree.folders.add(os.path.relpath(inside(folder or "."), tree.target))


def _copy(draft: Draft, tree: Tree, source: str, name: str, policy: Policy) -> None:
    """Note what of the host a write target starts from."""
    if os.path.isdir(source) and not os.path.islink(source):
        tree.folders.add(name)
        for folder, folders, files in os.walk(source):
            base = os.path.normpath(os.path.join(name, os.path.relpath(folder, source)))
            tree.folders.update(os.path.join(base, each) for each in folders)
            for each in files:
                _copy_file(draft, tree, os.path.join(folder, each), os.path.join(base, each), policy)
    elif os.path.isfile(source):
        _copy_file(draft, tree, source, name, policy)


def _copy_file(draft: Draft, tree: Tree, source: str, name: str, policy: Policy) -> None:
    if os.path.islink(source) or not os.path.isfile(source):
        return
    tree.copies[os.path.normpath(name)] = source
    draft.copied += os.path.getsize(source) + 4096
    if len(tree.copies) > _MOST_FILES or draft.copied > policy.limits.disk * 16:
        raise PolicyError(
            f"too much lies under what may be written ({name})",
            hint="grant a smaller folder or raise limits.disk",
        )


def _shown(draft: Draft, target: str) -> bool:
    """True if a tree shows this path already."""
    for tree in draft.trees.values():
        if target == tree.target or target.startswith(tree.target + "/"):
            name = os.path.relpath(target, tree.target)
            if tree.lower is not None or name in tree.copies:
                return True
    return False


def _is_everything(target: str) -> bool:
    return target in ("*", "**", ".", "./", "**/*") or not target


def _fixed_part(target: str) -> str:
    """The folder of a glob that holds no wildcard: `notes/2026-*/x.md` → `notes`."""
    if not is_glob(target):
        return literal(target)
    parts = []
    for part in target.split("/")[:-1]:
        if is_glob(part):
            break
        parts.append(literal(part))
    return "/".join(parts) or ("/" if target.startswith("/") else ".")


def _matches(draft: Draft, effect: Effect) -> Iterator[str]:
    """Paths on the host that a target names: itself, or what its wildcards match."""
    target = effect.target
    if effect.kind == "read" and _is_scratch(effect):
        return
    if _is_relative(target):
        if draft.workspace is None:
            return
        if _is_everything(target):
            yield "."
            return
    if not is_glob(target):
        yield literal(target)
        return
    yield from _walk(draft, effect)


def _walk(draft: Draft, effect: Effect) -> Iterator[str]:
    base = _fixed_part(effect.target)
    top = _host(draft, base)
    seen = 0
    for folder, folders, files in os.walk(top) if top is not None else ():
        for name in sorted((*folders, *files)):
            seen += 1
            if seen > _MOST_FILES * 5:
                raise PolicyError(f"'{effect}' looks through too many files", hint="name a smaller folder")
            path = os.path.normpath(os.path.join(base, os.path.relpath(folder, top), name))
            if effect.covers(Effect(effect.kind, path)):
                yield path
                if name in folders:
                    folders.remove(name)


def _host(draft: Draft, path: str) -> str | None:
    """The host path behind a target; None if a link leads it out of the workspace."""
    place = on_host(path, draft.workspace)
    if place is None:
        return None
    real = os.path.realpath(place)
    if not _is_relative(path) or draft.workspace is None:
        return real
    within = real == draft.workspace or real.startswith(draft.workspace.rstrip("/") + "/")
    return real if within else None


def spec(tree: Tree) -> dict[str, Any]:
    copies = [[source, name] for name, source in sorted(tree.copies.items())]
    return {"target": tree.target, "lower": tree.lower, "folders": sorted(tree.folders), "copies": copies}
