from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Parameters
    ----------
    n : int
        A value.

    Returns
    -------
    str
        Text.
    """
    return str(n)