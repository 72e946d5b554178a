from smolagents import tool
class Broken(ValueError):
    pass

@tool
def fails(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    raise Broken(f"no {text}")
