from smolagents import tool

def helper(n): return "first"
_old = helper
X = helper(1)
def helper(n): return "second" + _old(n)
X = X + helper(1)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return helper(n) + X