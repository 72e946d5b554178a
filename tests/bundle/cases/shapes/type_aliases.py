from smolagents import tool

from typing import Callable, TypeAlias, TypeVar, Union, NewType
T = TypeVar("T")
Cell: TypeAlias = Union[int, str, None]
Row: TypeAlias = "dict[str, Cell]"
Rows = list[Row]
UserId = NewType("UserId", int)
Pick: TypeAlias = Callable[[Rows], Row]

def _first(rows: list[T]) -> T:
    return rows[0]

first: Pick = _first


@tool
def run_it(n: UserId) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    result: Rows = [{'n': n}]
    return str(first(result))