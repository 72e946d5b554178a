from smolagents import tool
try:
    import kit.deep
except ImportError:
    raise


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return kit.deep.work(n) + kit.NAME
