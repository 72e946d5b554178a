from smolagents import tool


@tool
def run_it(n: list) -> list:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return [n]
