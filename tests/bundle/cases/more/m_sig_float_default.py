from smolagents import tool
import math

@tool
def run_it(n: float = math.pi * 2) -> float:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n
