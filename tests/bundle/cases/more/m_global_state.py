from smolagents import tool
COUNT = 0
_cache = None
def bump():
    global COUNT, _cache
    COUNT += 1
    _cache = (_cache or []) + [COUNT]
    return COUNT


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    bump()
    return str(bump()) + str(_cache) + str(n)
