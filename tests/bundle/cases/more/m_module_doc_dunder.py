from smolagents import tool
"""not the first"""
__all__ = ["run_it"]
__version__ = "1.2"
__author__ = ("a", "b")


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return __version__ + str(__author__) + __name__ * 0 + str(n)
