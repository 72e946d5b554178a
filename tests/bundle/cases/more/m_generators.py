from smolagents import tool
from itertools import *
def flat(xs):
    for x in xs:
        if isinstance(x, list): yield from flat(x)
        else: yield x
GEN = (i for i in count(10))
def echo():
    got = None
    while True: got = yield got


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    e = echo(); next(e)
    return str(list(flat([1, [2, [n]]]))) + str(next(GEN)) + str(e.send(n)) + str(list(pairwise([1, 2, 3])))
