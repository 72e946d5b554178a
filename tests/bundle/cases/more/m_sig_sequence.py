from smolagents import tool
from collections.abc import Sequence, Mapping

@tool
def run_it(n: Sequence[Mapping[str, int]] = ()) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
