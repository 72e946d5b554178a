from smolagents import tool
def print(*a): return "-".join(map(str, a))
list = tuple
id = lambda x: "id"
def sum(xs): return "s"
class type: pass


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return print(list([1, n]), id(3), sum([1]), type.__name__)
