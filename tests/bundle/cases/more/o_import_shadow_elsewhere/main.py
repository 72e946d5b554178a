from smolagents import tool
import kit.deep
class Obj:
    deep = "own"
def other(kit): return kit.deep


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return other(Obj()) + kit.deep.work(n)
