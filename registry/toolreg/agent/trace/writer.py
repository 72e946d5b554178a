"""Writes a run's events: redacted, chained, appended, and on the disk before what they announce is done."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolreg.agent.secrets import Redactor
from toolreg.agent.trace.chain import GENESIS, Event, canonical, link
from toolreg.agent.undisturbed import Undisturbed
from toolreg.errors import ConfigError

# Longer texts go into a file of their own, named by their digest; the event keeps their beginning.
LONGEST = 32_768
_HEAD = 2_000
_DEEPEST = 40
# What must be on the disk before it happens, or is the last word of a run.
_SYNCED = frozenset({"start", "code", "call", "end", "killed"})


def new_run(runs: Path) -> Path:
    """A folder of its own for one run, `YYYYMMDD-HHMMSS-xxxxxx`, for the owner's eyes only."""
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-") + secrets.token_hex(3)
    try:
        runs.mkdir(parents=True, exist_ok=True)
        (runs / name).mkdir(mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"no trace can be kept: {error.strerror}", path=str(runs), hint="name another folder with --runs"
        ) from error
    return runs / name


class TraceWriter:
    """Appends events to `FOLDER/events.jsonl`. Safe between threads; a closed writer drops what comes late."""

    def __init__(self, folder: Path, redactor: Redactor | None = None, *, sync: bool = True) -> None:
        self.folder = folder
        self.path = folder / "events.jsonl"
        self._redactor = redactor or Redactor()
        self._sync = sync
        self._lock = threading.RLock()
        self._number, self._previous = 0, GENESIS
        self._fd: int | None = os.open(
            self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600
        )

    @property
    def id(self) -> str:
        return self.folder.name

    def write(self, kind: str, /, **fields: Any) -> None:
        """Append one event; `fields` are JSON values, anything else becomes its text. Raises ConfigError."""
        body = self._redactor.value(_plain({"type": kind, "time": time.time(), **fields}))
        # Event and place in the chain are one: a Ctrl-C between them would break it.
        with Undisturbed(), self._lock:
            if self._fd is None:
                return
            event: Event = link(self._shortened(body), self._number, self._previous)
            try:
                _write_all(self._fd, canonical(event) + b"\n")
                if self._sync and kind in _SYNCED:
                    os.fsync(self._fd)
            except OSError as error:
                raise ConfigError(
                    f"the record cannot be written: {error.strerror}",
                    path=str(self.path),
                    hint="nothing runs unrecorded: free some space, or name another folder with --runs",
                ) from error
            self._number, self._previous = self._number + 1, event["hash"]

    def close(self) -> None:
        """Sync and close; a second call does nothing."""
        with self._lock:
            if self._fd is not None:
                with contextlib.suppress(OSError):
                    os.fsync(self._fd)
                os.close(self._fd)
                self._fd = None

    def _shortened(self, value: Any) -> Any:
        match value:
            case str() if len(value) > LONGEST:
                return self._set_aside(value)
            case dict():
                return {k: self._shortened(v) for k, v in value.items()}
            case list():
                return [self._shortened(v) for v in value]
        return value

    def _set_aside(self, text: str) -> Event:
        data = text.encode("utf-8", "backslashreplace")
        name = hashlib.sha256(data).hexdigest()
        folder = self.folder / "blobs"
        folder.mkdir(mode=0o700, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).write_bytes(data)
        return {"blob": name, "size": len(data), "head": text[:_HEAD]}


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON can hold it, without cycles and without end."""
    match value:
        case None | bool() | int() | str():
            return value if not isinstance(value, int) or abs(value) < 2**63 else str(hex(value))
        case float():
            return value if value == value and abs(value) != float("inf") else str(value)
        case _ if depth > _DEEPEST:
            return "…"
        case dict():
            return {str(k): _plain(v, depth + 1) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(v, depth + 1) for v in value]
        case bytes():
            return f"{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}"
    return str(value)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
