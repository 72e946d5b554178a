from smolagents import tool
from pathlib import Path

@tool
def run_it(n: Path = Path("a")) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
