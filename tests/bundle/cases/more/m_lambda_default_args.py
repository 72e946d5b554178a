from smolagents import tool
ACTIONS = {"a": lambda x, y=2: x + y, **{k: (lambda x, k=k: k * x) for k in "bc"}}
def pick(key="a", /, *rest, f=lambda v: v, **extra): return f(ACTIONS[key](*rest, **extra))


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(pick("a", n, y=5)) + pick("b", n) + pick("c", n, f=str.upper)
