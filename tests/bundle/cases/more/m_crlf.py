from smolagents import tool
TEXT = """a
b"""

@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    x = """c
      d"""
    return TEXT + x + str(n)
