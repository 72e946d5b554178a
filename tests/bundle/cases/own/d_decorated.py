import functools
from smolagents import tool

CALLS = []

def rounded(digits):
    def deco(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            CALLS.append(fn.__name__)
            return round(fn(*args, **kwargs), digits)
        return inner
    return deco

@tool
@rounded(2)
def third(x: float) -> float:
    """Third.

    Args:
        x: X.
    """
    return x / 3

TOOL = third
