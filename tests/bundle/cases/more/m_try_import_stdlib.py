from smolagents import tool
try:
    import tomllib
except ModuleNotFoundError:  # Python < 3.11
    tomllib = None
try:
    from zoneinfo import ZoneInfo
except ImportError as error:
    ZoneInfo, WHY = None, str(error)
import sys
if sys.version_info >= (3, 9):
    from functools import cache as memo
else:
    from functools import lru_cache
    memo = lru_cache(None)
@memo
def f(n): return n + 1


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(tomllib.loads(f"a = {n}")) + str(ZoneInfo is not None) + str(f(n))
