from smolagents import tool
EXTRA = (1, 2)
MORE = dict(z=9)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    def inner(*a, k=1, **kw): return f'{a}{k}{kw}'
    return inner(*[n, *EXTRA], **{'k': 3, **MORE})