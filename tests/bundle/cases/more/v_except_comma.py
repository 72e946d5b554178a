from smolagents import tool
class Mine(Exception): pass


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    try:
        raise Mine(n)
    except Mine, ValueError:
        return "caught"
