from smolagents import tool


@tool
def run_it(n: bytes = b"\x00") -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return n.hex()
