from smolagents import tool


@tool
def run_it(n: object = None) -> object:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return [n]
