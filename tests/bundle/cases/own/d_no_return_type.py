from smolagents import tool

@tool
def noreturn(text: str):
    """Do it.

    Args:
        text: The text.
    """
    return text
