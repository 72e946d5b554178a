from math import *
from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{pow(2, n)}"
