from smolagents import tool


@tool
def run_it(n: float = float("inf")) -> bool:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n > 1
