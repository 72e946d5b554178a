"""Removes what a call left, however deep it nested its folders: never by recursion, never by a long path."""

from __future__ import annotations

import contextlib
import os


def remove(top: str) -> None:
    """Remove a folder of ours with all that is in it. Links are removed, not followed."""
    count = 0
    with contextlib.suppress(OSError):
        while names := _entries(top):
            for path in names:
                for below in _entries(path) if _is_folder(path) else ():
                    # Up to the top with everything: no path is ever longer than one step.
                    os.rename(below, os.path.join(top, f".{count}"))
                    count += 1
                (os.rmdir if _is_folder(path) else os.unlink)(path)
        os.rmdir(top)


def _entries(folder: str) -> list[str]:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        os.chmod(folder, 0o700)
    return [os.path.join(folder, name) for name in os.listdir(folder)]


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
