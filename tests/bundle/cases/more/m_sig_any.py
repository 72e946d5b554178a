from smolagents import tool
from typing import Any

@tool
def run_it(n: Any) -> Any:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n
