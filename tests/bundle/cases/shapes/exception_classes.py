from smolagents import tool

class Problem(ValueError):
    code = 1
class Low(Problem): pass
class High(Problem):
    def __init__(self, n):
        super().__init__(f"{n} is over {LIMIT}")
LIMIT = 3
def check(n):
    if n < LIMIT:
        raise ExceptionGroup("all", [Low(str(n))])


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    try:
        check(n)
    except* Low as group:
        out = str([str(e) for e in group.exceptions])
    else:
        raise High(n)
    return out