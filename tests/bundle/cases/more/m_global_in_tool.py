from smolagents import tool
TOTAL = 10


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    global TOTAL
    TOTAL += n
    return str(TOTAL)
