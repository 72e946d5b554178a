from functools import partial, singledispatchmethod
from smolagents import tool
import lib.maths as m
from lib import add as plus

double = partial(m.times, 2)
m.CACHE["seen"] = 1


@tool
def run_it(n: int) -> str:
    """Do.

    Args:
        n: N.

    Returns:
        Text.
    """
    return f"{double(n)}{plus(n, 1)}{m.CACHE}"
