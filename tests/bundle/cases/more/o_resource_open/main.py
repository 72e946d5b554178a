from smolagents import tool
import os


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    with open(os.path.join(os.path.dirname(__file__), "words.txt")) as f:
        return str(f.readlines()) + str(n)
