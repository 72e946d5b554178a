"""Files by their git id, kept on this machine: what was seen once is not downloaded again."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path


def blob_id(data: bytes) -> str:
    """The id git gives a file's bytes."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Blobs:
    """A cache: what is missing or spoilt is downloaded, what cannot be kept is not."""

    folder: Path

    def get(self, oid: str) -> bytes | None:
        try:
            data = self._path(oid).read_bytes()
        except OSError:
            return None
        return data if blob_id(data) == oid else None

    def put(self, data: bytes) -> None:
        path = self._path(blob_id(data))
        if path.exists():
            return
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)

    def _path(self, oid: str) -> Path:
        return self.folder / oid[:2] / oid[2:]
