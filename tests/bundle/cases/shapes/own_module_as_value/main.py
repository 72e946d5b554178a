from smolagents import tool
import extra


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return getattr(extra, 'work')(n)