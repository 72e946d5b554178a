from smolagents import tool

from ping import ping


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return ping(n)
