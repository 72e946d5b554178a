from smolagents import tool
try:
    import kit.deep
    HAVE = True
except ImportError:
    kit = None
    HAVE = False


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return kit.deep.work(n) + str(HAVE)
