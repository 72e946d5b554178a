from smolagents import tool

def format(x): return f"own{x}"
open_ = "o"
id = 4


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    list = [n]
    str_ = str
    max = lambda *a: 'mine'
    return str_(list) + max(1) + format(n) + open_