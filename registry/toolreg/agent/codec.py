"""Values across the sandbox's boundary: tagged JSON, no pickle. This file runs on both sides and needs only Python.

Plain JSON values stay as they are; what JSON lacks is `{"$": TYPE, "v": …}`. Decoding builds nothing but
built-in and standard library values, and refuses what is too deep or too large to be honest.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import fractions
import json
import math
import pathlib
import uuid
from typing import Any

DEEPEST = 60
# Sets and mappings of numbers can be made to collide; so many elements stay quick even then.
MOST_HASHED = 10_000
# Python refuses to write out longer numbers: nobody could print, record or show one.
MOST_BITS = 14_000
# A list takes two characters to write and two hundred times that to hold: a text of nothing else is none.
MOST_CONTAINERS = 1_000_000


class CodecError(ValueError):
    """A value that cannot cross, or a text that is no value."""


def dumps(value: Any) -> str:
    """A value as text. Raises CodecError for what cannot cross."""
    return json.dumps(encode(value))


def loads(text: str | bytes) -> Any:
    """The value of a text. Raises CodecError."""
    try:
        return decode(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise CodecError(f"no value: {error}") from error


def encode(value: Any, depth: int = 0) -> Any:
    """A value in JSON's terms. Raises CodecError."""
    if depth > DEEPEST:
        raise CodecError("nested too deeply, or within itself")
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        return value if -(2**63) < value < 2**63 else {"$": "int", "v": _hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"$": "float", "v": repr(value)}
    if kind is list:
        return [encode(v, depth + 1) for v in value]
    if kind is dict:
        if "$" not in value and all(type(k) is str for k in value):
            return {k: encode(v, depth + 1) for k, v in value.items()}
        return {"$": "dict", "v": [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]}
    if kind in (tuple, set, frozenset):
        return {"$": kind.__name__, "v": [encode(v, depth + 1) for v in value]}
    if isinstance(value, (bytes, bytearray)):
        return {"$": "bytes", "v": base64.b64encode(value).decode()}
    return _encode_other(value, depth)


def holds_too_much(text: str) -> bool:
    """True for a JSON text of so many lists and mappings that reading it takes the reader's memory and time."""
    return text.count("[") + text.count("{") > MOST_CONTAINERS


def _hex(value: int) -> str:
    if value.bit_length() > MOST_BITS:
        raise CodecError(f"a whole number of more than {MOST_BITS} bits cannot cross the sandbox's boundary")
    return hex(value)


def _encode_other(value: Any, depth: int) -> Any:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return {"$": kind.__name__, "v": write(value)}
    if isinstance(value, (str, int, float)):  # enums and other subclasses: their plain value
        plain = str if isinstance(value, str) else int if isinstance(value, int) else float
        return encode(plain.__str__(value) if plain is str else plain(value), depth + 1)
    if isinstance(value, (list, tuple)):
        return encode(list(value) if isinstance(value, list) else tuple(value), depth + 1)
    if isinstance(value, dict):
        return encode(dict(value), depth + 1)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return encode({name: getattr(value, name) for name in value.__dataclass_fields__}, depth + 1)
    return _encode_scientific(value, depth)


def _encode_scientific(value: Any, depth: int) -> Any:
    """Arrays and tables become lists; pictures become PNG bytes."""
    origin = type(value).__module__.split(".")[0]
    if origin == "pandas" and hasattr(value, "to_dict"):
        table = type(value).__name__ == "DataFrame"
        return encode(value.to_dict("records") if table else value.to_dict(), depth + 1)
    if hasattr(value, "tolist") and origin in ("numpy", "torch"):
        return encode(value.tolist(), depth + 1)
    if origin == "PIL" and hasattr(value, "save"):
        import io

        data = io.BytesIO()
        value.save(data, "PNG")
        return {"$": "bytes", "v": base64.b64encode(data.getvalue()).decode()}
    raise CodecError(f"a value of type {type(value).__name__} cannot cross the sandbox's boundary")


def decode(value: Any, depth: int = 0) -> Any:
    """The value that `encode` described. Raises CodecError."""
    if depth > DEEPEST * 3:
        raise CodecError("nested too deeply")
    if isinstance(value, list):
        return [decode(v, depth + 1) for v in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {k: decode(v, depth + 1) for k, v in value.items()}
    kind, body = value["$"], value.get("v")
    if not isinstance(kind, str) or kind not in _READERS:
        raise CodecError(f"unknown type {kind!r:.60}")
    try:
        return _READERS[kind](body, depth + 1)
    except CodecError:
        raise
    except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
        raise CodecError(f"no {kind}: {str(error)[:200]}") from error


def _items(body: Any, depth: int, most: int | None = None) -> list[Any]:
    if not isinstance(body, list):
        raise CodecError("a sequence was expected")
    if most is not None and len(body) > most:
        raise CodecError(f"more than {most} elements")
    return [decode(v, depth + 1) for v in body]


def _pairs(body: Any, depth: int) -> dict[Any, Any]:
    pairs = _items(body, depth, MOST_HASHED)
    if not all(isinstance(p, list) and len(p) == 2 for p in pairs):
        raise CodecError("pairs were expected")
    return dict(pairs)


def _text(body: Any, longest: int = 5_000) -> str:
    if not isinstance(body, str) or len(body) > longest:
        raise CodecError("a short text was expected")
    return body


def _float(body: Any, _: int) -> float:
    if _text(body) not in ("inf", "-inf", "nan"):
        raise CodecError("no float")
    return float(body)


def _bytes(body: Any, _: int) -> bytes:
    if not isinstance(body, str):
        raise CodecError("a text was expected")
    return base64.b64decode(body, validate=True)


def _seconds(value: dt.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


# datetime before date: it is one.
_WRITERS: tuple[tuple[type, Any], ...] = (
    (dt.datetime, dt.datetime.isoformat),
    (dt.date, dt.date.isoformat),
    (dt.time, dt.time.isoformat),
    (dt.timedelta, _seconds),
    (decimal.Decimal, str),
    (fractions.Fraction, str),
    (complex, lambda c: [c.real, c.imag]),
    (uuid.UUID, str),
    (pathlib.PurePath, str),
    (range, lambda r: [r.start, r.stop, r.step]),
)
_READERS: dict[str, Any] = {
    "int": lambda b, _: int(_text(b, MOST_BITS // 4 + 3), 16),
    "float": _float,
    "dict": _pairs,
    "tuple": lambda b, d: tuple(_items(b, d)),
    "set": lambda b, d: set(_items(b, d, MOST_HASHED)),
    "frozenset": lambda b, d: frozenset(_items(b, d, MOST_HASHED)),
    "bytes": _bytes,
    "datetime": lambda b, _: dt.datetime.fromisoformat(_text(b)),
    "date": lambda b, _: dt.date.fromisoformat(_text(b)),
    "time": lambda b, _: dt.time.fromisoformat(_text(b)),
    "timedelta": lambda b, _: dt.timedelta(*_items(b, 0, 3)),
    "Decimal": lambda b, _: decimal.Decimal(_text(b)),
    "Fraction": lambda b, _: fractions.Fraction(*map(int, _text(b).split("/"))),
    "complex": lambda b, _: complex(*_items(b, 0, 2)),
    "UUID": lambda b, _: uuid.UUID(_text(b)),
    "PurePath": lambda b, _: pathlib.PurePosixPath(_text(b)),
    "range": lambda b, _: range(*_items(b, 0, 3)),
}
