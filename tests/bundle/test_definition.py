"""What is computed without running is what smolagents computes by running: held together here."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smolagents._function_type_hints_utils import get_json_schema

from toolreg.bundle.definition import Definition, define
from toolreg.bundle.hints import Hints
from toolreg.bundle.project import Project
from toolreg.bundle.reach import Reach
from toolreg.bundle.resolve import Names
from toolreg.bundle.units import Source
from toolreg.contract import parse_module

HEAD = """
from __future__ import annotations
import collections.abc, datetime, enum, typing
import typing as t
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Dict, List, Literal, Optional, Set, Tuple, TypedDict, Union
from smolagents import tool

class Colour(enum.Enum):
    RED = 1

class Point:
    pass

Number = Union[int, float]
"""
HINTS = [
    "int", "float", "str", "bool", "list", "dict", "tuple", "set", "None", "Any", "object", "bytes", "List", "Dict", "Tuple",
    "List[int]", "list[str]", "list[list[int]]", "Dict[str, int]", "dict[str, Any]", "Dict[str, List[float]]",
    "Optional[int]", "int | None", "Union[int, str]", "int | str | None", "Optional[List[int]]", "Union[int, None, str]",
    "Union[List[int], str]", "list[str] | list[int] | str | None", "Literal['a', 'b']", "Literal[1, 2]", "Literal['a', 1]",
    "Literal['a', None]", "Optional[Literal['x']]", "Literal[True]", "Tuple[int, str]", "tuple[int, str]", "Annotated[int, 'x']",
    "Annotated[Optional[str], 'x']", "Colour", "Point", "Path", "datetime.date", "Number", "Optional[Number]", "Union[Number, str]",
    "t.List[int]", "typing.Optional[typing.Dict[str, int]]", "'int'", "\"List['int']\"", "List[Point]", "dict[str, Point]",
    "Union[int, int]", "Union[Point, str]", "Optional[Colour]", "collections.abc.Sequence", "List[Optional[int]]", "Callable",
]  # fmt: skip
REFUSED = [
    "set[str]",
    "Set[int]",
    "tuple[int, ...]",
    "tuple[int]",
    "Sequence[int]",
    "Callable[[int], str]",
    "type[int]",
    "Tuple[str, ...]",
]


def ours(code: str) -> tuple[Definition | None, list[tuple[int, str]]]:
    module = parse_module("m.py", code.encode())
    tool = module.tools[-1]
    source = Source(module, "m", tool.node)
    reach = Reach(Project(source))
    return define(tool, Hints(Names(reach, source)))


def theirs(code: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(code.replace("@tool\n", ""), namespace)
    return dict(get_json_schema(namespace["subject"])["function"])


def function(hint: str, default: str = "", doc: str = "        x: The value.") -> str:
    shown = f" = {default}" if default else ""
    return f'{HEAD}\n@tool\ndef subject(x: {hint}{shown}) -> {hint}:\n    """Do it.\n\n    Args:\n{doc}\n    """\n    return x\n'


@pytest.mark.parametrize("default", ["", "None"])
@pytest.mark.parametrize("hint", HINTS)
def test_a_type_hint_gives_what_smolagents_gives(hint: str, default: str) -> None:
    told = theirs(function(hint, default))
    definition, reasons = ours(function(hint, default))
    assert reasons == []
    assert definition is not None
    assert definition.inputs == told["parameters"]["properties"]
    kind = told["return"]["type"]
    assert definition.output_type == kind
    assert definition.stock


@pytest.mark.parametrize("hint", REFUSED)
def test_a_hint_that_smolagents_refuses_is_read_and_marked(hint: str) -> None:
    with pytest.raises(Exception, match=r"Couldn't parse|Conversion|single element"):
        theirs(function(hint))
    definition, reasons = ours(function(hint))
    assert reasons == []
    assert definition is not None
    assert not definition.stock
    assert definition.inputs["x"]["type"] in ("array", "any", "object")


DOCS = [
    "Do it.\n\nArgs:\n    x: The value.",
    "Do it.\nMore.\n\nSide effects:\n    net: {x}\n\nArgs:\n    x: The value,\n        on two lines.\n\nReturns:\n    It.",
    "Do it.\n\nArgs:\n    x (int): Typed: with a colon.\n\n    y: not a parameter.\n",
    "Do it. Args: not here.\n\nArgs:\n    x: See Returns: below.\n\nReturns:\n    It.",
    "Do it.\n\nReturns:\n    It.\n\nArgs:\n    x: After returns.",
    'Do it.\n\nArgs:\n    x: What (choices: ["a", "b"])\n\nRaises:\n    ValueError: no.',
    "Do it.\n\n  Args:\n      x: Indented.\n",
    "Do it.\n\nArgs:\n  x:\n    On the next line.\n\nExample:\n    >>> 1\n",
    "Do it.\n\nArgs:\n    x: The value.\n\nNote:\n    A note: with colon.\n",
]


@pytest.mark.parametrize("document", DOCS)
def test_a_docstring_is_read_as_smolagents_reads_it(document: str) -> None:
    code = _with_docstring(document)
    told = theirs(code)
    definition, reasons = ours(code)
    assert reasons == []
    assert definition is not None
    assert definition.description == told["description"]
    assert definition.inputs == told["parameters"]["properties"]


_PARTS = st.lists(
    st.sampled_from(["Do it.", "", "Args:", "    x: One.", "    x (int): Two: three", "        more", "Returns:", "    x", "Raises:", "y: z", "  Args:", "    - a: b", "Side effects: none"]),
    max_size=9,
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_PARTS)
def test_any_docstring_that_smolagents_takes_gives_the_same(lines: list[str]) -> None:
    code = _with_docstring("\n".join(["Head.", *lines]))
    try:
        told = theirs(code)
    except Exception:  # smolagents refuses it; nothing to compare  # noqa: BLE001
        return
    definition, reasons = ours(code)
    assert reasons == []
    assert definition is not None
    assert definition.description == told["description"]
    assert definition.inputs == told["parameters"]["properties"]


def _with_docstring(document: str) -> str:
    body = textwrap.indent(document, "    ")
    return f'{HEAD}\n@tool\ndef subject(x: int) -> int:\n    """{body.lstrip()}\n    """\n    return x\n'
