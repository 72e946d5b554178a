from smolagents import tool
class Outer:
    SIZE = 3
    class Inner:
        def __init__(self, outer): self.outer = outer
        class Leaf:
            value = 7
            def __repr__(self): return f"{type(self).__qualname__}"
        def leaf(self): return self.Leaf()
    def inner(self): return Outer.Inner(self)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return repr(Outer().inner().leaf()) + str(Outer.Inner.Leaf.value + n)
