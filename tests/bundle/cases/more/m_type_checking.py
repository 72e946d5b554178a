from smolagents import tool
from typing import TYPE_CHECKING, overload
import typing as t
if TYPE_CHECKING:
    from pandas import DataFrame
    from .nowhere import Thing
elif t.TYPE_CHECKING:
    import never
@overload
def f(x: int) -> str: ...
@overload
def f(x: str) -> 'DataFrame': ...
def f(x): return str(x)
def g(x: "Thing | None" = None) -> "DataFrame": return x


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f(n) + str(g())
