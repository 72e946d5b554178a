from smolagents import tool

@tool
def double(x: float) -> float:
    """Double a number.

    Arguments:
        x: The number.

    Returns:
        Twice the number.
    """
    return 2 * x

TOOL = double
