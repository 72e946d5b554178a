from smolagents import tool

try:
    import surely_no_such_package_here as _fast
    def dump(o): return _fast.dumps(o)
except ImportError:
    import json as _slow
    def dump(o): return _slow.dumps(o)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return dump({'a': n})