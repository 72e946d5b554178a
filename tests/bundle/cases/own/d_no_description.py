from smolagents import tool

@tool
def bare(text: str) -> str:
    """Do it.
    """
    return text
