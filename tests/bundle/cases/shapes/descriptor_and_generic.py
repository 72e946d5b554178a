from smolagents import tool

from typing import Generic, TypeVar, Self
T = TypeVar("T")

class Checked:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, kind=None): return self if obj is None else obj.__dict__[self.name]
    def __set__(self, obj, value): obj.__dict__[self.name] = max(value, MINIMUM)

MINIMUM = 3

class Holder:
    size = Checked()

class Stack(Generic[T]):
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, item: T) -> Self:
        self.items.append(item)
        return self


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    h = Holder()
    h.size = n
    return str(h.size) + str(Stack[int]().push(n).items) + type(h).size.name