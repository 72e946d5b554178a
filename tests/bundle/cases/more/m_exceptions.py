from smolagents import tool
class Bad(Exception):
    def __init__(self, code, *, why="no"): super().__init__(f"{code}: {why}"); self.code = code
class Worse(Bad, ValueError): pass
def check(n):
    try:
        raise Worse(n)
    except* ValueError as group:
        found = len(group.exceptions)
    return found


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    try:
        raise Bad(1) from KeyError("k")
    except Bad as e:
        raise Worse(check(n), why=repr(e.__cause__)) from None
