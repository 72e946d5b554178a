from smolagents import tool

@tool
def fact(n: int) -> int:
    """Do it.

    Args:
        n: N.
    """
    return 1 if n < 2 else n * fact(n - 1)
