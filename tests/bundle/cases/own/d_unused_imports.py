import os, json, sys
from smolagents import tool, CodeAgent

@tool
def lean(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return os.path.join("a", text)
