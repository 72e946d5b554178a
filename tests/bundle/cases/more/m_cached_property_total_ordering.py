from smolagents import tool
from functools import cached_property, total_ordering, reduce, cmp_to_key
@total_ordering
class V:
    def __init__(self, s): self.s = s
    @cached_property
    def parts(self): return tuple(map(int, self.s.split(".")))
    def __eq__(self, o): return self.parts == o.parts
    def __lt__(self, o): return self.parts < o.parts
    __hash__ = None


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(V("1.10") > V(f"1.{n}")) + str(reduce(lambda a, b: a + b, [1, n]))
