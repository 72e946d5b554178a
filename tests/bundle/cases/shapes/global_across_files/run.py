from smolagents import tool
from state import bump, current
import state


@tool
def run_it(n: int) -> str:
    """Do.

    Args:
        n: N.

    Returns:
        Text.
    """
    bump(n)
    bump(n)
    return str(current())
