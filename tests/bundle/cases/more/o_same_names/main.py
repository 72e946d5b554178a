from smolagents import tool
import a, b
from a import get, Conf as AC
from b import Conf as BC
LIMIT = 3


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str((a.get(), b.get(), get(), AC.v, BC.v, LIMIT))
