from typing import NamedTuple, TypedDict
from smolagents import tool

class Row(TypedDict, total=False):
    x: int

class Pair(NamedTuple):
    a: int
    b: str = "z"

@tool
def row(n: int) -> Row:
    """Row.

    Args:
        n: N.
    """
    return Row(x=Pair(n).a)

TOOL = row
