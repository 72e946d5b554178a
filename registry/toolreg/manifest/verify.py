"""What was received is what was approved: signature first, then the manifest, then every file.

The bytes that were checked are the bytes that are handed back; nothing is read a second time.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from toolreg.bundle.told import plain_code
from toolreg.errors import BadSignature, BundleError, DigestMismatch, NotAllowed, NotFound, VerificationError
from toolreg.manifest.build import hints_of
from toolreg.manifest.digests import sha256
from toolreg.manifest.encoding import LARGEST, parse_manifest
from toolreg.manifest.model import Manifest
from toolreg.manifest.names import MANIFEST, OWN, PLATFORM, SIGNATURE, problem_of_names
from toolreg.manifest.signer import Signer
from toolreg.manifest.signing import authenticate


class Trust(Protocol):
    """Whom the reader trusts with what. Both raise VerificationErrors."""

    def accept_signer(self, signer: Signer, repository: str) -> None:
        """WrongSigner, unless this signer may speak for the repository `namespace/name`."""

    def accept_manifest(self, manifest: Manifest, signer: Signer, now: datetime) -> None:
        """NotAllowed or Expired, unless the reader's policy allows what it promises."""


class Anyone:
    """Trusts every signer and every effect: for a tool's own author, and for showing a manifest."""

    def accept_signer(self, signer: Signer, repository: str) -> None:
        """Says yes."""

    def accept_manifest(self, manifest: Manifest, signer: Signer, now: datetime) -> None:
        """Says yes."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A publication that held: its manifest, its signer, its published files (manifest and signature too)."""

    manifest: Manifest
    signer: Signer
    files: Mapping[str, bytes]

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of every file, the manifest and its signature among them."""
        return {name: sha256(data) for name, data in sorted(self.files.items())}


def verify(
    files: Mapping[str, bytes], trust: Trust, *, repository: str = "", now: datetime | None = None
) -> Manifest:
    """The manifest of a publication that holds. Raises a VerificationError that names what does not.

    files: name → bytes of everything in the repository. repository: `namespace/name` it came from,
    where known: then a manifest of another repository is refused.
    """
    return examine(files, trust, repository=repository, now=now).manifest


def examine(
    files: Mapping[str, bytes], trust: Trust, *, repository: str = "", now: datetime | None = None
) -> Verified:
    """Like `verify`, and says who signed."""
    for name in (MANIFEST, SIGNATURE):
        if name not in files:
            raise BadSignature(
                f"there is no {name}",
                hint="this tool was not published by toolreg; `toolreg add` can check it here",
            )
    signer = authenticate(files[MANIFEST], files[SIGNATURE])
    if repository:
        trust.accept_signer(signer, repository)
    manifest = parse_manifest(files[MANIFEST])
    check_files(manifest, files)
    check_code(manifest, files)
    check_hints(manifest)
    promised = manifest.predicate.tool.repository
    if repository and promised != repository:
        raise NotAllowed(
            f"the manifest is for {promised}, not for {repository}",
            hint="somebody copied it; ask its publisher",
        )
    if not repository:
        trust.accept_signer(signer, promised)
    trust.accept_manifest(manifest, signer, now or datetime.now(UTC))
    return Verified(manifest, signer, {name: files[name] for name in sorted({*manifest.digests, *OWN})})


def check_hints(manifest: Manifest) -> None:
    """The hints are those of the effects: nobody types them by hand. Raises NotAllowed."""
    if manifest.predicate.hints != hints_of(manifest.predicate.effects):
        raise NotAllowed(
            "the hints of the manifest are not those of its effects",
            hint="they are computed, so somebody changed them; do not load it",
        )


def check_files(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Every published file is there with its digest, and nothing else is. Raises VerificationError."""
    names = set(files) - OWN - PLATFORM
    problem = problem_of_names(sorted(names))
    if problem:
        raise NotAllowed(problem, hint="such a repository was not made by toolreg; do not load it")
    missing, extra = sorted(set(manifest.digests) - names), sorted(names - set(manifest.digests))
    if missing:
        raise DigestMismatch(
            f"{missing[0]} is missing", hint="the publication is not whole; fetch it again", path=missing[0]
        )
    if extra:
        raise DigestMismatch(
            f"{extra[0]} was never approved",
            hint="an extra file lies in the repository; do not load it",
            path=extra[0],
        )
    for name, digest in manifest.digests.items():
        if sha256(files[name]) != digest:
            raise DigestMismatch(
                f"{name} differs from what was approved", hint="do not load it; ask its publisher", path=name
            )


def check_code(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """What smolagents would save and send elsewhere is the code that runs. Raises NotAllowed."""
    tool = manifest.predicate.tool
    try:
        plain_code(files[tool.file].decode(), tool.entry)
    except BundleError as error:
        raise NotAllowed(error.message, hint=error.hint, path=tool.file, line=error.line) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        made = _release(manifest.predicate.versions.python)
        if made > sys.version_info[:2]:
            here = ".".join(map(str, sys.version_info[:2]))
            raise NotAllowed(
                f"its code does not parse on Python {here}; it was made with {'.'.join(map(str, made))}",
                hint="load it with that Python",
                path=tool.file,
            ) from error
        raise NotAllowed("the code does not parse", hint="do not load it", path=tool.file) from error


def _release(python: str) -> tuple[int, ...]:
    """`3.13.0` → (3, 13); empty where it is no version."""
    parts = python.split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder as `verify` wants it. Raises NotAllowed for anything but plain files."""
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        raise NotFound(
            "there is no such folder", hint="name a folder that holds a toolreg.json", path=str(folder)
        )
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name == ".git" or name.startswith(".git/"):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise NotAllowed(
                f"{name} is no plain file", hint="links and devices are never loaded", path=str(path)
            )
        files[name] = read_plain(path)
    return files


def read_plain(path: Path) -> bytes:
    """The bytes of a plain file, never through a link. Raises VerificationError."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotAllowed(
                    f"{path.name} is no plain file", hint="links and devices are never loaded", path=str(path)
                )
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise VerificationError(
            f"cannot be read: {error.strerror}", hint="fetch it again", path=str(path)
        ) from error
    if len(data) > LARGEST:
        raise NotAllowed(f"larger than {LARGEST:,} bytes", hint="no tool needs that", path=str(path))
    return data
