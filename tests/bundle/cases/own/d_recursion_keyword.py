from smolagents import tool

@tool
def depth(n: int) -> int:
    """Do it.

    Args:
        n: N.
    """
    return n if n <= 0 else depth(n=n - 1) + 1
