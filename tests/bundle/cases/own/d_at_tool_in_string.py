from smolagents import tool

@tool
def users(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return "@tool_user @tool" + text
