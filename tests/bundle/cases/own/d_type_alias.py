from typing import Union
from smolagents import tool

Number = Union[int, float]
Names = "list[str]"

@tool
def scale(x: Number, names: Names = None) -> Number:
    """Scale.

    Args:
        x: X.
        names: N.
    """
    return x * 2
