"""Whose is it? Marks what a process makes outside of itself, so that the next one can remove it if it was killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_MARK = re.compile(r"([0-9a-f]+\.\d+)\.(\d+)\.(\d+)")


def mark() -> str:
    """This process: the machine's boot, its namespace of processes, its number and when it was started.

    Empty where /proc does not tell.
    """
    place, start = _place(), _started(os.getpid())
    return f"{place}.{os.getpid()}.{start}" if place and start else ""


def is_abandoned(owner: str) -> bool:
    """True if the mark is of a process that this one could see, and that is gone."""
    match = _MARK.fullmatch(owner)
    return match is not None and match[1] == _place() and _started(int(match[2])) != match[3]


def temporary_folder(prefix: str) -> Path:
    """A new folder that carries this process's mark; those of killed processes of this user are removed first."""
    parent = Path(tempfile.gettempdir())
    for each in parent.glob(f"{prefix}*.*.*.*-*"):
        if is_abandoned(each.name.removeprefix(prefix).rpartition("-")[0]) and _is_mine(each):
            shutil.rmtree(each, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{mark()}-"))


def _is_mine(path: Path) -> bool:
    with suppress(OSError):
        return path.lstat().st_uid == os.getuid()
    return False


def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:8]
        return f"{boot}.{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a living process was started, in ticks since the boot; empty for none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
