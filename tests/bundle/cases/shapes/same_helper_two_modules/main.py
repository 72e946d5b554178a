from smolagents import tool

from left import work as left_work, CONFIG
import right
from right import work


def helper(n):
    return f"main{n}"


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return left_work(n) + work(n) + helper(n) + right.helper(n) + str(CONFIG)
