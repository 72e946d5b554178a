from __future__ import annotations
from smolagents import tool

from typing import TypeGuard, assert_never, overload, Final, ClassVar
MAX: Final = 3
@overload
def check(x: int) -> str: ...
@overload
def check(x: str) -> str: ...
def check(x):
    match x:
        case int() if x > MAX: return "big"
        case int(): return "small"
        case _: assert_never(x)
def is_text(x: object) -> TypeGuard[str]:
    return isinstance(x, str)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(is_text('a')) + check(n)