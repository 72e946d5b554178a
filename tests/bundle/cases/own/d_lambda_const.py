from smolagents import tool
F = lambda t: t + SUFFIX
SUFFIX = "!"
G = [len and (lambda t: t * 2)]

@tool
def lam(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return F(text) + G[0](text)
