from smolagents import tool
from typing import Literal, Optional
Mode = Literal["a", "b"]
Modes = Optional[Mode]

@tool
def run_it(n: Modes = "a") -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{n}"
