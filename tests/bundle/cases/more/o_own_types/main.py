from smolagents import tool
from types_ import Mode, Out

@tool
def run_it(n: Mode) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    o: Out = {"x": 1}
    return str(o) + n
