from smolagents import tool

@tool
def placed(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return __file__ + text
