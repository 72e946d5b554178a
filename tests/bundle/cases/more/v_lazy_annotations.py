from smolagents import tool
def f(x: Later) -> Later: return x
class Later: pass
class Node:
    next: Node | None = None


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(f(n)) + str(Node().next)
