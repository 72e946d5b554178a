from smolagents import tool
from functools import singledispatch, singledispatchmethod
@singledispatch
def show(x): return "obj"
@show.register
def _(x: int): return "int"
@show.register(str)
def _(x): return "str"
@show.register(list)
@show.register(tuple)
def show_seq(x): return "seq:" + "".join(show(i) for i in x)
class P:
    @singledispatchmethod
    def f(self, x): return "?"
    @f.register
    def _(self, x: int): return "i"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return show(n) + show("a") + show([1, "b", (2,)]) + P().f(n) + P().f("")
