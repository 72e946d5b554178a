from smolagents import tool
from collections.abc import Callable
type Ints = list[int]
type Fn[**P, R] = Callable[P, R]
type Tree[T] = dict[str, Tree[T]] | T | Late
class Late: pass
class Base: x = 1
class Stack[T: Base, *Ts](list[T]):
    Alias = int
    def top[K: (int, str)](self, k: Alias, d: K) -> T | K: return self[-1] if self else d
def first[T](xs: list[T], pick: Callable[[list[T]], T] = lambda v: v[0]) -> T: return pick(xs)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    s: Stack[Base] = Stack([n])
    return str(first(s)) + str(s.top(1, "d")) + str(Ints.__value__) + Tree.__name__
