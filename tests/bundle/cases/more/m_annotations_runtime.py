from smolagents import tool
import typing, inspect
from typing import get_type_hints, Annotated
class Cfg:
    host: str = "h"
    port: Annotated[int, "p"] = 3
def sig(a: int, b: "str" = "x") -> bool: ...


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(get_type_hints(Cfg, include_extras=True)) + str(sorted(get_type_hints(sig))) + str(n)
