from smolagents import tool

from shared import *
from more_shared import *


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return pick(n) + LIMIT_NAME + sqrt_text(n)
