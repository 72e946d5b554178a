from smolagents import tool

@tool
def größe(text: str) -> str:
    """Größe – ‘x’.

    Args:
        text: The text.
    """
    é = "ü"; return f"{text}→{é}"
