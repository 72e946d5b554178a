"""Arguments on their way into the sandbox: plain JSON values and nothing that carries code."""

from __future__ import annotations

import math
import os
from typing import Any

from toolreg.load.failure import ToolFailed

DEEPEST = 100


def as_json(value: Any, what: str, *, depth: int = 0) -> Any:
    """A value as plain JSON. Numbers and arrays of numpy are taken by what they hold. Raises ToolFailed."""
    if depth > DEEPEST:
        raise ToolFailed(f"{what} is nested too deeply", hint="pass something flatter")
    match value:
        case None | bool():
            return value
        case int():
            return int(value)
        case float():
            return _finite(float(value), what)
        case str():
            return str(value)
        case dict():
            return {_key(k, what): as_json(v, what, depth=depth + 1) for k, v in value.items()}
        case list() | tuple():
            return [as_json(v, what, depth=depth + 1) for v in value]
        case os.PathLike():
            return as_json(os.fspath(value), what, depth=depth + 1)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return as_json(value.tolist(), what, depth=depth + 1)
    raise ToolFailed(
        f"{what} is a {type(value).__name__}, which cannot enter the sandbox",
        hint="pass text, numbers, lists and mappings, or a path",
    )


def _finite(value: float, what: str) -> float:
    if not math.isfinite(value):
        raise ToolFailed(f"{what} is {value}, which JSON does not know", hint="pass a finite number")
    return value


def _key(key: Any, what: str) -> str:
    if not isinstance(key, str):
        raise ToolFailed(f"{what} has the key {key!r}, which is no text", hint="use texts as keys")
    return str(key)
