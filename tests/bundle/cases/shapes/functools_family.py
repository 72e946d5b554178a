from smolagents import tool

from functools import lru_cache, partial, partialmethod, reduce, singledispatch, cached_property, total_ordering
import operator

@singledispatch
def show(value):
    return "any"

@show.register
def _(value: int):
    return f"int{value}"

@show.register(list)
def _(value):
    return "list" + ",".join(show(v) for v in value)

double = partial(operator.mul, 2)
add = partial(lambda a, b: a + b, b=3)

@lru_cache(maxsize=None)
def cached(n):
    return reduce(operator.add, range(n + 1))

class Text:
    @cached_property
    def both(self):
        return "both"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return show(n) + show([n]) + str(double(n)) + str(cached(n)) + Text().both + str(add(n)) + str(cached.cache_info().misses)