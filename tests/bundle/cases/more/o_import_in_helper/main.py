from smolagents import tool
def go(n):
    if n:
        import kit.deep
    return kit.deep.work(n) + kit.work(n)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return go(n)
