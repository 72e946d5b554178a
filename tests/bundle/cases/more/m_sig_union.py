from smolagents import tool


@tool
def run_it(n: int | float | None = None) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
