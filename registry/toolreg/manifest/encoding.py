"""Manifest ↔ bytes: one way to write it, and a reader that takes nothing ambiguous."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from toolreg.errors import BadSignature, VerificationError
from toolreg.manifest.model import PREDICATE_TYPE, Manifest

LARGEST = 8 * 1024 * 1024


def to_bytes(part: BaseModel) -> bytes:
    """Deterministic JSON: fields in the model's order, for the order of a tool's inputs has a meaning."""
    return _write(part.model_dump(mode="json", by_alias=True), sort=False)


def dump(value: Any) -> bytes:
    """Any JSON value in one form, its keys sorted."""
    return _write(value, sort=True)


def _write(value: Any, *, sort: bool) -> bytes:
    return (json.dumps(value, sort_keys=sort, indent=2, ensure_ascii=True, allow_nan=False) + "\n").encode(
        "ascii"
    )


def strict_json(data: bytes, what: str) -> Any:
    """JSON that every reader reads alike: UTF-8, no duplicate key, no NaN. Raises VerificationError."""
    if len(data) > LARGEST:
        raise VerificationError(
            f"{what} is larger than {LARGEST:,} bytes", hint="no tool needs that; do not load it"
        )
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise VerificationError(
            f"{what} is not plain JSON: {_short(error)}", hint="fetch it again, or ask its publisher"
        ) from error


def parse_manifest(data: bytes) -> Manifest:
    """Read manifest bytes whose signature already held. Raises VerificationError."""
    value = strict_json(data, "toolreg.json")
    kind = value.get("predicateType") if isinstance(value, dict) else None
    if kind != PREDICATE_TYPE:
        raise VerificationError(
            f"toolreg.json is of type {kind!r}, which this toolreg does not know",
            hint=f"it reads {PREDICATE_TYPE}; a newer toolreg may read more",
        )
    try:
        return Manifest.model_validate(value)
    except ValidationError as error:
        raise VerificationError(
            f"toolreg.json: {explain(error)}", hint="ask its publisher to publish it again"
        ) from error


def explain(error: ValidationError) -> str:
    """The first fault of a pydantic error in one line, with its place."""
    first = error.errors()[0]
    place = ".".join(str(p) for p in first["loc"])
    return (f"{place}: " if place else "") + first["msg"].removeprefix("Value error, ")


def canonical(data: bytes, value: Any, what: str) -> None:
    """Refuse a file that says the same in other bytes."""
    if dump(value) != data:
        raise BadSignature(
            f"{what} is not in its one written form",
            hint="its bytes were changed after signing; do not load it",
        )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]
