from smolagents import tool

type Ints = list[int]
class Box[T: (int, Ints)]:
    def __init__(self, items: list[T]) -> None: self.items = items
    def kind[K](self, k: K = "k") -> K: return k
def first[T](items: list[T]) -> T:
    return items[0]


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    box: Box[Ints] = Box([n])
    return str(first(box.items)) + box.kind()