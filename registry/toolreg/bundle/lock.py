"""requirements.lock: every distribution that an installation takes, with the hash of its file.

Hashes come from pip's own report (`pip install --dry-run --ignore-installed --report …`): which file is taken
depends on the index and the machine, so nothing else can know them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from packaging.utils import canonicalize_name

from toolreg.bundle.model import Requirement
from toolreg.errors import UsageError

HINT = (
    "make it with: pip install --dry-run --ignore-installed --report report.json -r requirements.txt"
    " (without network: and --no-index --find-links FOLDER_OF_WHEELS)"
)


def lock_text(report: Any, requirements: Iterable[Requirement] = ()) -> bytes:
    """The lock of a pip report (its JSON, read); `pip install --require-hashes -r` takes it.

    requirements: what it must hold, at these versions; a report of something else would lock nothing.
    Raises UsageError.
    """
    installs = report.get("install") if isinstance(report, dict) else None
    if not isinstance(installs, list) or not installs:
        raise UsageError("no pip report: it lists no installation", hint=HINT)
    lines = sorted(_lines(installs))
    held = {line.partition(" ")[0] for line in lines}
    names = {pin.partition("==")[0] for pin in held}
    for wanted in requirements:
        there = f"{wanted.name}=={wanted.version}" in held if wanted.version else wanted.name in names
        if not there and not wanted.optional:
            raise UsageError(f"the pip report is of other requirements: it lacks {wanted}", hint=HINT)
    return "".join(f"{line}\n" for line in lines).encode()


def read_report(path: str) -> Any:
    """A report's JSON. Raises UsageError."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the pip report: {error}", path=path, hint=HINT) from error


def _lines(installs: list[Any]) -> Iterator[str]:
    for install in installs:
        told, download = install.get("metadata", {}), install.get("download_info", {})
        archive = download.get("archive_info", {})
        digest = archive.get("hashes", {}).get("sha256") or archive.get("hash", "").removeprefix("sha256=")
        name = canonicalize_name(str(told.get("name", "")))
        if not digest:
            raise UsageError(f"the pip report knows no sha256 of '{name}'", hint=HINT)
        yield f"{name}=={told.get('version')} --hash=sha256:{digest}"
