from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    import kit.deep as d
    from kit import consts as c, NAME
    from kit.deep import work as w
    return d.work(n) + w(n) + str(c.ONE) + NAME
