from smolagents import tool

@tool
def minus(x: int, /, y: int = 1) -> int:
    """Do it.

    Args:
        x: X.
        y: Y.
    """
    return x - y
