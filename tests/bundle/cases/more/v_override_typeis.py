from smolagents import tool
from typing import override, TypeIs, ReadOnly, TypedDict
from warnings import deprecated
class A:
    def f(self): return "a"
class B(A):
    @override
    def f(self): return "b"
def is_int(x: object) -> TypeIs[int]: return isinstance(x, int)
class R(TypedDict):
    x: ReadOnly[int]


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return B().f() + str(is_int(n))
