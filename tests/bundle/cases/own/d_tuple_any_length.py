from smolagents import tool

@tool
def tot(xs: tuple[float, ...]) -> int:
    """Do it.

    Args:
        xs: Xs.
    """
    return len(xs)
