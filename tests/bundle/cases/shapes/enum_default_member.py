from smolagents import tool

from enum import Enum
class Color(str, Enum):
    RED = "red"
    BLUE = "blue"
DEFAULT = Color.BLUE


@tool
def run_it(n: int, color: Color = DEFAULT) -> str:
    """Do the thing.

    Args:
        n: A value.
            color: A colour.

    Returns:
        Text.
    """
    return color.value + str(n)