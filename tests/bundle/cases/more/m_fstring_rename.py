from smolagents import tool
def str_(x): return str(x)
def helper(x): return f"<{x}>"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"""{helper(n)}
        {helper(
            str_(n))} {[helper(i) for i in range(n)]}
    tail {helper('}')}"""
