"""The chain of events: each line carries the digest of the one before, so that none can be changed or dropped."""

from __future__ import annotations

import hashlib
import json
from typing import Any

GENESIS = "0" * 64
Event = dict[str, Any]


def canonical(event: Event) -> bytes:
    """The bytes that are digested: sorted keys, no spaces, UTF-8 (lone surrogates escaped)."""
    text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")


def digest(event: Event) -> str:
    """SHA-256 of an event without its own `hash`."""
    return hashlib.sha256(canonical({k: v for k, v in event.items() if k != "hash"})).hexdigest()


def link(event: Event, number: int, previous: str) -> Event:
    """The event with its place in the chain."""
    placed = {"seq": number, **event, "prev": previous}
    return {**placed, "hash": digest(placed)}


def broken(event: Event, number: int, previous: str) -> str:
    """Why this event does not follow the one before; empty if it does."""
    if event.get("seq") != number:
        return f"event {number} is missing"
    if event.get("prev") != previous:
        return f"event {number} does not follow event {number - 1}"
    if event.get("hash") != digest(event):
        return f"event {number} was changed"
    return ""
