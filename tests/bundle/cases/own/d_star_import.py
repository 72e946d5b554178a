from math import *
from smolagents import tool

@tool
def starred(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return str(sqrt(4)) + text
