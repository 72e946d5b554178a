from smolagents import tool
BASE = 7


@tool
def run_it(n: int, /, a: int = BASE, *, b: int = BASE + 1) -> str:
    """Do the thing.

    Args:
        n: A value.
            a: A.
            b: B.

    Returns:
        Text.
    """
    return f'{n}{a}{b}'