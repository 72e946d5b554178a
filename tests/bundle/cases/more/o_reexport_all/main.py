from smolagents import tool
from kit import *


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return one() + deux() + str(n)
