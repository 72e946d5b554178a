from smolagents import tool
from itertools import batched
import pathlib


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(list(batched(range(5), n)))
