from smolagents import tool
import conf
from conf import default

@tool
def run_it(n: int = conf.LIMIT + default()) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
