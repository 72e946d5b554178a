from smolagents import tool

from enum import Enum
from typing import Literal, get_args
Kind = Literal["a", "b"]
ALL = get_args(Kind)


@tool
def run_it(n: int, kind: Kind = 'a') -> str:
    """Do the thing.

    Args:
        n: A value.
            kind: One of a, b.

    Returns:
        Text.
    """
    return kind + str(n)