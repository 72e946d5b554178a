"""A tool's value as plain JSON: what JSON has goes as it is, anything else as text that says so."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEEPEST = 64
_LONGEST_TEXT = 100_000


def plain(value: Any) -> tuple[Any, bool]:
    """(JSON value, True if nothing was lost). Tuples and sets become lists; unknown objects their `str`."""
    lost: list[object] = []
    return _plain(value, 0, lost), not lost


def _plain(value: Any, depth: int, lost: list[object]) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str) or (kind is int and abs(value) < 1 << 2048):
        return value
    if kind is float:
        return value if math.isfinite(value) else _as_text(value, lost)
    if depth >= _DEEPEST:
        return _as_text("nested too deeply", lost)
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            lost.append(value)
        return {str(key): _plain(each, depth + 1, lost) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, depth + 1, lost) for each in value]
    if isinstance(value, (set, frozenset)):
        lost.append(value)
        return [_plain(each, depth + 1, lost) for each in sorted(value, key=repr)]
    if isinstance(value, (str, int, float)):  # a subclass, as enums and numpy scalars are
        return _plain(next(base(value) for base in (str, int, float) if isinstance(value, base)), depth, lost)
    return _as_text(value, lost)


def _as_text(value: Any, lost: list[object]) -> str:
    lost.append(value)
    return str(value)[:_LONGEST_TEXT]
