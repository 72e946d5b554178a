from smolagents import tool
import threading, collections
from functools import lru_cache, cache
LOCK = threading.RLock()
SEEN: "collections.OrderedDict[int, str]" = collections.OrderedDict()
@lru_cache(maxsize=8)
def slow(n): return n * 3
@cache
def again(n): return slow(n) + 1


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    with LOCK:
        SEEN[n] = str(again(n))
        return SEEN[n] + str(slow.cache_info().currsize)
