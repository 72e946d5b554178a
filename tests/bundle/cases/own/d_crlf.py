from smolagents import tool

@tool
def crlf(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return text + """a
  b"""
