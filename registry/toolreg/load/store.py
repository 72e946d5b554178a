"""A content-addressed store: what was verified once is there offline, and is hashed again on every read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolreg.errors import DigestMismatch, SourceError
from toolreg.load.files import replace_file
from toolreg.manifest.digests import sha256
from toolreg.manifest.verify import read_plain


def default_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("toolreg") / "store"


@dataclass(frozen=True, slots=True)
class Store:
    """Blobs by SHA-256 below `folder`. Nothing in it is trusted: a name is a claim that the bytes must keep."""

    folder: Path

    def path(self, digest: str) -> Path:
        return self.folder / "sha256" / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Keep some bytes; a broken blob of that name is replaced. Gives the digest."""
        digest = sha256(data)
        if self._intact(digest) != data:
            try:
                replace_file(self.path(digest), data, mode=0o444)
            except OSError as error:
                raise SourceError(
                    f"cannot write the store: {error.strerror}",
                    hint="is the disk full?",
                    path=str(self.folder),
                ) from error
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes of that digest, None where they are not there. Raises DigestMismatch for other bytes."""
        path = self.path(digest)
        if not os.path.lexists(path):
            return None
        data = read_plain(path)
        if sha256(data) != digest:
            raise DigestMismatch(
                "a file in the store was changed",
                hint=f"look who did that, remove {path}, and load again",
                path=str(path),
            )
        return data

    def put_files(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Keep a publication: name → digest."""
        return {name: self.put(data) for name, data in files.items()}

    def get_files(self, digests: Mapping[str, str]) -> dict[str, bytes] | None:
        """A whole publication, or None if any file of it is not there. Raises DigestMismatch."""
        found = {name: self.get(digest) for name, digest in digests.items()}
        return (
            {n: data for n, data in found.items() if data is not None} if None not in found.values() else None
        )

    def _intact(self, digest: str) -> bytes | None:
        path = self.path(digest)
        try:
            return path.read_bytes() if path.is_file() and not path.is_symlink() else None
        except OSError:
            return None
