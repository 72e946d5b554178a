from smolagents import tool

@tool
def a_1_b(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return text
