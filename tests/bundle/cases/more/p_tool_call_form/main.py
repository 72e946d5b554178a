from smolagents import tool as as_tool
import smolagents

def helper(x): return x + 1

@smolagents.tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.
    """
    return str(helper(n))
