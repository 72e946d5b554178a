from smolagents import tool
import kit.deep


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return kit.deep.work(n) + kit.NAME