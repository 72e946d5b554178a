from smolagents import tool
COUNT = 0

@tool
def count_up(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    global COUNT
    COUNT += 1
    return f"{text}{COUNT}"
