from smolagents import tool
from typing import Tuple

@tool
def run_it(n: Tuple[int, str] = (1, "a")) -> tuple:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n
