import heapq
import random

from smolagents import tool

HEAP = [3, 1, 2]
heapq.heapify(HEAP)
ORDER = [1]
random.shuffle(ORDER)
TABLE = {}
NEVER = {}


def fill(table, **more):
    table.update(more, filled=True)


class Options:
    pass


fill(TABLE, a=1)
fill(NEVER, run_it=2)
setattr(Options, "level", 5)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{HEAP}{ORDER}{TABLE}{Options.level}{n}"
