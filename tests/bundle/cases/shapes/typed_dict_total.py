from smolagents import tool

from typing import NotRequired, Required, TypedDict

class Base(TypedDict):
    name: str

class Item(Base, total=False):
    n: Required[int]
    note: NotRequired[str]


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    item: Item = {'name': 'a', 'n': n}
    return str(item) + str(sorted(Item.__required_keys__)) + str(Item.__total__)