from smolagents import tool
from typing import Annotated

@tool
def run_it(n: Annotated[int, "units"] = 3) -> Annotated[str, "x"]:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
