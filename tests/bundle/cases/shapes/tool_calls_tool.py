from smolagents import tool

@tool
def other(n: int) -> str:
    '''Other.

    Args:
        n: N.

    Returns:
        Text.
    '''
    return f"other{n}"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return other(n) + other.name