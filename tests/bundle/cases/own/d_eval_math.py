from smolagents import tool
import math
import os

@tool
def calc(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return str(eval(text))
