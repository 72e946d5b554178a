from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    import kit.deep, json
    import kit.consts
    return json.dumps([kit.deep.work(n), kit.consts.ONE, kit.NAME])
