import smolagents as sm
from functools import wraps


def logged(f):
    @wraps(f)
    def inner(*a, **k):
        return "log:" + f(*a, **k)
    return inner


@sm.tool
@logged
def run_it(n: int, *, loud: bool = False) -> str:
    """Do.

    Args:
        n: N.
        loud: L.

    Returns:
        Text.
    """
    return ("LOUD" if loud else "quiet") + str(n)
