from smolagents import tool

@tool
def first(text: str) -> str:
    """First.

    Args:
        text: Text.
    """
    return text + "1"

@tool
def second(text: str) -> str:
    """Second.

    Args:
        text: Text.
    """
    return first(text) + "2"
