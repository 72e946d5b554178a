from smolagents import tool
class Point:
    __slots__ = ("_x", "__dict__")
    def __init__(self, x): self._x = x
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v): self._x = v * 2
    @x.deleter
    def x(self): del self._x
    @classmethod
    def of(cls, x): return cls(x)
    @staticmethod
    def name(): return "p"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    p = Point.of(n); p.x = n; r = p.x; del p.x
    return str(r) + p.name() + str(hasattr(p, "_x"))
