from smolagents import tool

@tool
def drink(text: str) -> str:
    """Do it.

    Args:
        text: What (choices: ["tea", "coffee"])
    """
    return text
