from smolagents import tool

@tool
def double(x: float) -> float:
    """Double a number.

    Longer text.

    Parameters
    ----------
    x : float
        The number.

    Returns
    -------
    float
        Twice the number.
    """
    return 2 * x

TOOL = double
