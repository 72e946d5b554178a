from smolagents import tool

tmp = [1, 2]
value = sum(tmp)
def keep(t=tuple(tmp)): return str(t)
del tmp


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(value) + str(n) + keep()