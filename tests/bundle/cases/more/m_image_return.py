from smolagents import tool
from PIL import Image


@tool
def run_it(n: int) -> Image.Image:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Image.new("RGB", (n, 2), "red")
