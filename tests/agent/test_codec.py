from __future__ import annotations

import datetime as dt
import decimal
import enum
import fractions
import json
import math
import pathlib
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolreg.agent.codec import CodecError, decode, dumps, encode, loads

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.frozensets(st.integers() | st.text())
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_crosses_the_boundary_arrives_as_it_was(value: Any) -> None:
    assert loads(dumps(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        dt.datetime(2026, 11, 22, 14, 0, tzinfo=dt.UTC),
        dt.date(2026, 11, 22),
        dt.time(14, 30),
        dt.timedelta(days=2, seconds=5),
        decimal.Decimal("1.10"),
        fractions.Fraction(1, 3),
        1 + 2j,
        uuid.UUID(int=7),
        pathlib.PurePosixPath("a/b"),
        range(1, 9, 2),
        {"$": "a key of the codec's own"},
        {(1, 2): "a tuple as key"},
        math.inf,
        2**200,
        {1, 2},
    ],
)
def test_values_of_the_standard_library_arrive_as_they_were(value: Any) -> None:
    assert loads(dumps(value)) == value


def test_not_a_number_arrives() -> None:
    assert math.isnan(loads(dumps(math.nan)))


def test_a_dataclass_arrives_as_its_fields_and_an_enum_as_its_value() -> None:
    @dataclass
    class Point:
        x: int
        y: int

    class Colour(enum.StrEnum):
        RED = "red"

    assert loads(dumps(Point(1, 2))) == {"x": 1, "y": 2}
    assert loads(dumps(Colour.RED)) == "red"


@pytest.mark.parametrize("value", [object(), len, open, Exception("x")])
def test_what_carries_behaviour_cannot_cross(value: Any) -> None:
    with pytest.raises(CodecError):
        encode(value)


def test_a_value_within_itself_cannot_cross() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(CodecError, match="deeply"):
        encode(loop)


@pytest.mark.parametrize(
    "forged",
    [
        {"$": "object", "v": None},
        {"$": "__import__", "v": "os"},
        {"$": ["set"], "v": []},
        {"$": "set", "v": 7},
        {"$": "set", "v": [[1]]},
        {"$": "dict", "v": [[1]]},
        {"$": "dict", "v": [[[], 1]]},
        {"$": "bytes", "v": "no base64!"},
        {"$": "int", "v": "0x" + "f" * 5_000_000},
        {"$": "Decimal", "v": "not a number"},
        {"$": "Fraction", "v": "1/0"},
        {"$": "datetime", "v": "yesterday"},
        {"$": "range", "v": [1, 2, 0]},
        {"$": "range", "v": list(range(10))},
        {"$": "complex", "v": ["a", "b"]},
        {"$": "UUID", "v": "{}"},
        {"$": "float", "v": "1e999"},
        {"$": "set", "v": list(range(20_000))},
        {"$": "tuple"},
        {"$": None},
    ],
)
def test_a_forged_value_is_refused(forged: Any) -> None:
    with pytest.raises(CodecError):
        decode(forged)


def test_depth_without_end_is_refused() -> None:
    with pytest.raises(CodecError):
        loads("[" * 100_000 + "]" * 100_000)
    deep = json.loads("[" * 400 + "]" * 400)
    with pytest.raises(CodecError):
        decode(deep)
