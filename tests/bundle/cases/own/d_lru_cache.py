from smolagents import tool
import functools

@tool
@functools.lru_cache(maxsize=None)
def cached(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return text * 2
