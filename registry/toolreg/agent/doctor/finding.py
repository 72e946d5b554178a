"""What one check of the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "fail", "warn", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """item: the point of the checklist. check: what was tried. detail: what came of it; hint: what to do."""

    item: str
    check: str
    status: Status
    detail: str = ""
    hint: str = ""


def held(item: str, check: str, good: bool, detail: str = "", hint: str = "") -> Finding:
    """A finding of a check that either holds or fails."""
    return Finding(item, check, "pass" if good else "fail", detail, "" if good else hint)
