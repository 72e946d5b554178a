from smolagents import tool

exec("def area(r): return r * r")


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(area(n))