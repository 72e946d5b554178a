from smolagents import tool

@tool
def gather(first: str, *others: str, **named: str) -> str:
    """Do it.

    Args:
        first: F.
        others: O.
        named: N.
    """
    return f"{first}{others}{named}"
