from smolagents import tool
import errs


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    raise errs.Mine(n)
