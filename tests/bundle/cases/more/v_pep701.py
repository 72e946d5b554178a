from smolagents import tool
D = {"a": 1}
def q(x): return x


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{D["a"]} {q("}")} {f"{f"{n}"}"} {'\n'.join(['x', 'y'])} {
        n  # comment
    }"
