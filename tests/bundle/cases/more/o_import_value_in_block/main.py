from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    import kit.deep
    return getattr(kit.deep, "work")(n)
