from smolagents import tool

X = "ab"

def helper(): return X

@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return helper() + str(n)
