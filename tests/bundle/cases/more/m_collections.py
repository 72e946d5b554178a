from smolagents import tool
import collections, collections.abc as cabc, types
from collections import defaultdict, Counter, deque, ChainMap, UserDict
from types import MappingProxyType, SimpleNamespace as NS
FROZEN = MappingProxyType({"a": 1})
COUNTS = Counter("hello")
QUEUE: deque = deque([1, 2], maxlen=2)
GROUPS = defaultdict(lambda: defaultdict(list))
CHAIN = ChainMap({"x": 1}, FROZEN)
CONF = NS(a=NS(b=[1, {2}]))
class Low(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.lower(), v)
GROUPS["a"]["b"].append(3)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    QUEUE.append(n)
    low = Low(); low["A"] = n
    return f"{COUNTS.most_common(1)} {list(QUEUE)} {CHAIN['a']} {CONF.a.b[0]} {GROUPS['a']['b']} {low} {isinstance([], cabc.Sequence)}"
