from smolagents import tool
def f(a, b=2, *c, d, e=5, **g): return (a, b, c, d, e, sorted(g))
ARGS = (1, 2, 3); KW = dict(d=4, z=0)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    first, *rest = ARGS
    return str(f(*ARGS, **KW)) + str({**KW, "n": n}) + str([*rest, n]) + str(not n is None)
