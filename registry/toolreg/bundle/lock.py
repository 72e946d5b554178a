"""requirements.lock: every distribution that an installation takes, with the hash of its file.

Hashes come from pip's own report (`pip install --dry-run --ignore-installed --report …`): which file is taken
depends on the index and the machine, so nothing else can know them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from toolreg.errors import UsageError

HINT = "make it with: pip install --dry-run --ignore-installed --report report.json -r requirements.txt"


def lock_text(report: Any) -> bytes:
    """The lock of a pip report (its JSON, read); `pip install --require-hashes -r` takes it. Raises UsageError."""
    installs = report.get("install") if isinstance(report, dict) else None
    if not isinstance(installs, list) or not installs:
        raise UsageError("no pip report: it lists no installation", hint=HINT)
    return "".join(f"{line}\n" for line in sorted(_lines(installs))).encode()


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
