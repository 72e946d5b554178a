from smolagents import tool

FS = [lambda x, i=i: x + i for i in range(3)]
ALLOWED = frozenset(range(2))
TABLE = dict(zip("abc", range(3)))
KEYED = max(TABLE, key=lambda k: TABLE[k])


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str([f(n) for f in FS]) + str({k: v for k, v in TABLE.items() if v in ALLOWED}) + KEYED