from smolagents import tool

@tool
def listed(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    import requests, yaml
    return yaml.__name__ + requests.__name__
