"""Paths that a model names lie in the agent's workspace, or in folders that the policy lends."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from toolreg.agent.toolset import effects_of

# Where the workspace lies for the agent's code; its tools know it by relative paths.
INSIDE = "/work"


def outside(tool: Any, arguments: Mapping[str, Any], folders: Iterable[str] = ()) -> str:
    """Why these arguments name a file that the agent has no business with; empty if they do not.

    A tool that declares `read: {path}` is granted the very file that its caller names. The caller is a model
    here: an absolute path may be any file of this machine.
    """
    for name in sorted(_path_parameters(tool)):
        for value in _items(arguments.get(name)):
            if isinstance(value, str) and not _lent(value, folders):
                return f"{name}={value!r:.200} lies outside of the workspace: give a path relative to it"
    return ""


def localized(tool: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with the code's own view of the workspace, `/work/x`, turned into `x`."""
    names = _path_parameters(tool)
    return {name: _local(value) if name in names else value for name, value in arguments.items()}


def _local(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_local(item) for item in value]
    return os.path.relpath(value, INSIDE) if _is_inside(value) else value


def _items(value: Any) -> tuple[Any, ...]:
    """A list of paths is granted item by item: each must be allowed."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _path_parameters(tool: Any) -> set[str]:
    effects = effects_of(tool) or ()
    return {name for e in effects if e.kind in ("read", "write") for name in e.parameters}


def _is_inside(value: Any) -> bool:
    return isinstance(value, str) and (value == INSIDE or os.path.normpath(value).startswith(INSIDE + "/"))


def _lent(path: str, folders: Iterable[str]) -> bool:
    if not os.path.isabs(path):
        return not os.path.normpath(path).startswith("..")
    real = os.path.realpath(path)
    return any(real == f or real.startswith(f.rstrip("/") + "/") for f in map(os.path.realpath, folders))
