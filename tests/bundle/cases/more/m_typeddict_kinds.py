from smolagents import tool
from typing import TypedDict, NamedTuple, Required, NotRequired, NewType, Final, Protocol, runtime_checkable, Generic, TypeVar
K = TypeVar("K", bound="Base")
UserId = NewType("UserId", int)
MAX: Final[int] = 3
class Base(TypedDict, total=False):
    a: Required[int]
class More(Base):
    b: NotRequired[str]
Point = NamedTuple("Point", [("x", int), ("y", int)])
class Named(NamedTuple):
    x: int = MAX
    def sum(self) -> int: return self.x + 1
@runtime_checkable
class HasSum(Protocol):
    def sum(self) -> int: ...
class Box(Generic[K]):
    def __init__(self, k: K): self.k = k


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    m: More = {"a": UserId(n)}
    return str(m) + str(Point(1, n)) + str(Named().sum()) + str(isinstance(Named(), HasSum)) + str(Box(m).k)
