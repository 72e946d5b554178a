from PIL import Image
from smolagents import tool

@tool
def size_of(image: Image.Image = None) -> str:
    """Size.

    Args:
        image: Picture.
    """
    image = image or Image.new("L", (2, 3))
    return str(image.size)

TOOL = size_of
