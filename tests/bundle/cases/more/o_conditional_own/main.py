from smolagents import tool
try:
    from surely_not_compiled_x import f
except ImportError:
    from fast import f


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f(n)
