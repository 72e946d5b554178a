from smolagents import tool

from dataclasses import asdict, dataclass, field, fields, InitVar
from typing import Generic, TypeVar
T = TypeVar("T")
@dataclass
class Parent(Generic[T]):
    value: T
    scale: InitVar[int] = 2
    def __post_init__(self, scale):
        self.value *= scale
@dataclass
class Child(Parent[int]):
    tags: tuple[str, ...] = field(default=(), metadata={"k": 1})


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return repr(asdict(Child(n, tags=('x',)))) + str(fields(Child)[0].name) + str(Child(1) == Child(1))