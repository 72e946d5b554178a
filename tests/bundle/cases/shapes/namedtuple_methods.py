from smolagents import tool

from typing import NamedTuple
from collections import namedtuple
class P(NamedTuple):
    x: int
    y: int = 5
    @property
    def total(self) -> int: return self.x + self.y
Q = namedtuple("Q", ["a"])


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    p = P(n, 2)
    return str(p) + str(p.total) + str(P._field_defaults) + repr(Q(1))