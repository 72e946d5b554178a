from smolagents import tool
def make(): return [1]

@tool
def run_it(n: list[int] = make()) -> list[int]:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n
