"""Takes a call's changes out of the overlay and into the host's files, as far as they were promised."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from toolreg.effects import Effect
from toolreg.sandbox.observation import Change
from toolreg.sandbox.policy import Policy

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class HandOver:
    """applied: what now stands on the host. refused: what does not, each with the reason."""

    applied: tuple[Change, ...]
    refused: tuple[tuple[Change, str], ...]


def hand_over(changes: Iterable[Change], policy: Policy) -> HandOver:
    """Apply to the host those changes that the policy's write effects cover.

    Nothing is followed: a link on the way to a file refuses it. Set-user bits, devices and links that
    lead out of the workspace are never handed over.
    """
    applied, refused = [], []
    every = list(changes)
    for change in [c for c in every if c.kind != "deleted"] + [
        c for c in reversed(every) if c.kind == "deleted"
    ]:
        reason = _refusal(change, policy)
        if not reason:
            try:
                _apply(change, policy)
            except OSError as error:
                reason = error.strerror or str(error)
        if reason:
            refused.append((change, reason))
        else:
            applied.append(change)
    return HandOver(tuple(applied), tuple(refused))


def _refusal(change: Change, policy: Policy) -> str:
    parts = change.path.split("/")
    if ".." in parts or "" in parts[1:] or "\0" in change.path:
        return "not a plain path"
    if change.kind == "special":
        return "a device, pipe or socket"
    if not change.path.startswith(("/", "~/")) and policy.workspace is None:
        return "there is no workspace to hand it to"
    if change.kind == "folder":
        if not _on_the_way(change.path, policy):
            return "not declared"
    elif not any(each.covers(Effect("write", change.path)) for each in policy.of("write")):
        return "not declared"
    if change.kind == "symlink" and not _stays_inside(change):
        return "a link that leads out of the workspace"
    if change.kind in ("created", "changed") and len(change.data) != change.size:
        return "too large to be handed over"
    return ""


def _on_the_way(folder: str, policy: Policy) -> bool:
    """True for a folder that a write target lies in, or covers."""
    for effect in policy.of("write"):
        if effect.covers(Effect("write", folder)) or effect.covers(Effect("write", folder + "/x")):
            return True
        if effect.target.startswith(folder.rstrip("/") + "/"):
            return True
    return False


def _stays_inside(change: Change) -> bool:
    target = os.fsdecode(change.data)
    if change.path.startswith(("/", "~/")) or target.startswith("/"):
        return False
    joined = os.path.normpath(os.path.join(os.path.dirname(change.path), target))
    return not joined.startswith("..")


def _apply(change: Change, policy: Policy) -> None:
    base, path = _base(change.path, policy)
    *folders, name = path.strip("/").split("/")
    folder = os.open(base, _FOLDER)
    try:
        for each in folders:
            folder = _descend(folder, each, make=change.kind != "deleted")
        _put(change, folder, name)
    finally:
        os.close(folder)


def _base(path: str, policy: Policy) -> tuple[str, str]:
    """The folder that is trusted to be what it is, and the way from there."""
    if path.startswith("~/"):
        return os.path.realpath(Path.home()), path[2:]
    return ("/", path) if path.startswith("/") else (os.path.realpath(policy.workspace or "/"), path)


def _descend(folder: int, name: str, *, make: bool) -> int:
    """The folder below, never through a link. Closes the one it came from."""
    if make:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=folder)
    inner = os.open(name, _FOLDER, dir_fd=folder)
    os.close(folder)
    return inner


def _put(change: Change, folder: int, name: str) -> None:
    match change.kind:
        case "deleted":
            _remove(folder, name)
        case "folder":
            os.close(_descend(os.dup(folder), name, make=True))
        case "symlink":
            _replace(folder, name, lambda new: os.symlink(os.fsdecode(change.data), new, dir_fd=folder))
        case _:
            owner = _owner(folder, name)
            _replace(folder, name, lambda new: _write(folder, new, change, owner))


def _replace(folder: int, name: str, make: Callable[[str], None]) -> None:
    """Make the new thing beside the old one, then put it in its place in one step."""
    new = f".{secrets.token_hex(8)}.toolreg"
    try:
        make(new)
        os.rename(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new, dir_fd=folder)
        raise


def _owner(folder: int, name: str) -> tuple[int, int] | None:
    """Whose the file is that will be replaced; a new file is the caller's."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return (status.st_uid, status.st_gid) if stat.S_ISREG(status.st_mode) else None


def _write(folder: int, name: str, change: Change, owner: tuple[int, int] | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(name, flags, change.mode & 0o777, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(change.data)
        if owner is not None and owner != (os.geteuid(), os.getegid()):
            with contextlib.suppress(PermissionError):  # only root can give a file back to its owner
                os.fchown(handle, *owner)


def _remove(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except IsADirectoryError:
        _remove_tree(folder, name)


def _remove_tree(folder: int, name: str) -> None:
    inner = os.open(name, _FOLDER, dir_fd=folder)
    try:
        for each in os.listdir(inner):
            _remove(inner, each)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=folder)
