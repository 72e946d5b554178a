from smolagents import tool

__double__ = "dd"
__secret = 4
_single = "s"

class Private:
    __slots__ = ("__value", "other")
    __count = 0

    def __init__(self, value):
        self.__value = value
        Private.__count += 1

    def __bump(self):
        return self.__value + Private.__count

    def show(self):
        return str(self.__bump())


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    p = Private(n)
    return p.show() + str(p._Private__value) + str(hasattr(p, '__dict__')) + __double__ + _single