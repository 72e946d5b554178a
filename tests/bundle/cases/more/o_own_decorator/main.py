from smolagents import tool
from deco import loud
import deco

@tool
@loud
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return helper() + "x" * n

@deco.loud
def helper(): return "h"
