from smolagents import tool

total = 0
def bump():
    global total, fresh
    total += 1
    fresh = total


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    bump()
    bump()
    return str(total) + str(n)