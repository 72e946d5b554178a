from smolagents import tool
import functools
def logged(prefix="[", *more):
    def around(f):
        @functools.wraps(f)
        def inner(*a, **k): return prefix + f(*a, **k) + "".join(more)
        return inner
    return around
END = "]"


@tool
@logged("<", END)
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
