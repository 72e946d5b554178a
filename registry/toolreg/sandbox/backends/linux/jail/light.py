"""JSON without the package `json`: that loads `re` and `enum`, which cost a cold start more than all else here.

The same C code reads and writes. Where an interpreter lacks it, the package itself does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

try:
    import _json

    class _Reading:
        strict = True
        object_hook = object_pairs_hook = None
        parse_float, parse_int = float, int
        parse_constant = float

    _read = _json.make_scanner(_Reading)  # type: ignore[arg-type]
    _escaped = _json.encode_basestring_ascii
    _make_encoder = _json.make_encoder
except (ImportError, AttributeError):
    _read = None  # type: ignore[assignment]


def dumps(value: Any) -> str:
    """Like `json.dumps`. Raises TypeError, ValueError, RecursionError."""
    if _read is None:
        import json

        return json.dumps(value)
    write = _make_encoder({}, _refuse, _escaped, None, ": ", ", ", False, False, True)
    return "".join(write(value, 0))


def loads(data: bytes) -> Any:
    """Like `json.loads`, of what trusted code wrote with no space around it. Raises ValueError."""
    text = data.decode()
    if _read is None:
        import json

        return json.loads(text)
    try:
        value, end = _read(text, 0)
    except StopIteration:
        raise ValueError("no JSON") from None
    if end != len(text):
        raise ValueError("more than one value")
    return value


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is no JSON")
