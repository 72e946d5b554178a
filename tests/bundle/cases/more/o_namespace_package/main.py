from smolagents import tool
from lib.util import up
from lib import util


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return up(n) + util.up("a")
