from smolagents import tool

@tool
def self_aware(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return self_aware.name + self_aware.description
