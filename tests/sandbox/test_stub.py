"""The stand-in for smolagents behaves as the real package does, call for call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from toolreg.sandbox import CallTool, Policy, Sandbox

TOOLS = '''
from smolagents import Tool, tool

@tool
def add(left: int, right: int = 2) -> int:
    """Add.

    Args:
        left: One.
        right: Other.
    """
    return left + right

class Keep(Tool):
    name = "keep"
    description = "Keeps."
    inputs = {"value": {"type": "object", "description": "Any."}}
    output_type = "object"

    def __init__(self):
        super().__init__()
        self.setups = 0

    def setup(self):
        self.setups += 1
        super().setup()

    def forward(self, value):
        return [value, self.setups]

keep = Keep()

def probe(what):
    return {
        "positional": lambda: add(1, 3),
        "keywords": lambda: add(left=1, right=3),
        "default": lambda: add(1),
        "spread": lambda: add({"left": 5, "right": 6}),
        "unspread": lambda: keep({"other": 1}),
        "spread_one": lambda: keep({"value": 1}),
        "setup_once": lambda: [keep(1), keep(2)],
        "too_many": lambda: add(1, 2, 3),
        "wrong_name": lambda: add(middle=1),
        "attributes": lambda: [add.name, keep.name, keep.output_type, keep.is_initialized, isinstance(add, Tool)],
        "inputs": lambda: [list(add.inputs), list(keep.inputs)],
        "module": lambda: __import__("smolagents.tools", fromlist=["Tool"]).Tool is Tool,
    }[what]()
'''
REAL = "from smolagents import AgentText\n"
CASES = [
    "positional",
    "keywords",
    "default",
    "spread",
    "unspread",
    "spread_one",
    "setup_once",
    "too_many",
    "wrong_name",
]


@pytest.fixture(scope="module")
def full() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.mark.parametrize("what", [*CASES, "attributes", "inputs", "module"])
def test_the_stand_in_answers_as_the_real_package(full: Sandbox, what: str) -> None:
    call = CallTool("probe", {"what": what})
    stand_in, real = (full.call((head + TOOLS).encode(), call, Policy()).outcome for head in ("\n", REAL))
    assert stand_in == real
