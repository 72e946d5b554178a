from smolagents import tool

import itertools
HITS = []
CACHE: dict = {}
COUNTER = itertools.count(5)
HITS += [0]
CACHE.update(seen=1)
CACHE["x"], HITS[0] = 1, 7
class STATE:
    count = 0
STATE.count = 4
for _name in ("p", "q"):
    CACHE[_name] = _name


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    HITS.append(n)
    CACHE.setdefault('n', []).append(n)
    STATE.count += 1
    return f'{HITS}{CACHE}{STATE.count}{next(COUNTER)}'