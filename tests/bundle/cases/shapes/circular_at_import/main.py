from smolagents import tool

from ring_a import A


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return A().name
