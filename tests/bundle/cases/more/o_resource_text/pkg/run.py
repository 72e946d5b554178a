from smolagents import tool
from importlib.resources import files
TEXT = files("pkg").joinpath("data.txt").read_text()


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return TEXT.strip() + str(n)
