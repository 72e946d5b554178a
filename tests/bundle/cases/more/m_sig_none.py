from smolagents import tool


@tool
def run_it(n: int) -> None:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    print(n)
