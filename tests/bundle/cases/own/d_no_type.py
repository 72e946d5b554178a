from smolagents import tool

@tool
def untyped(text) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return text
