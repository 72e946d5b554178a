from smolagents import tool
from functools import partial, partialmethod
import operator as op
def scale(a, b, *, c=1): return a * b + c
double = partial(scale, 2, c=0)
getter = op.itemgetter("x", "y")
pick = op.attrgetter("real")
up = op.methodcaller("upper")


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return up(str(double(n)) + str(getter({"x": 1, "y": n})) + str(pick(n + 0j)))
