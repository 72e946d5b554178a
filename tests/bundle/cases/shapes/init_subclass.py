from smolagents import tool

REGISTRY = {}

class Shape:
    def __init_subclass__(cls, /, code: str = "", **kwargs):
        super().__init_subclass__(**kwargs)
        REGISTRY[code or cls.__name__] = cls

    def area(self, n): raise NotImplementedError

class Square(Shape, code="sq"):
    def area(self, n): return n * n

class Line(Shape):
    def area(self, n): return 0

def make(n):
    return str([cls().area(n) for _, cls in sorted(REGISTRY.items())])


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return ','.join(sorted(REGISTRY)) + make(n)