from smolagents import tool
import functools
def retry(times: int, *, errors=(ValueError,)):
    def around(f):
        @functools.wraps(f)
        def inner(*a, **k):
            for i in range(times):
                try:
                    return f(*a, **k)
                except errors as e:
                    last = e
            return f"gave up: {last}"
        return inner
    return around
LIMIT = 3
TRIES = []
@retry(LIMIT, errors=(KeyError, ValueError))
def shaky(n):
    TRIES.append(n)
    if len(TRIES) < 3: raise ValueError(n)
    return len(TRIES)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(shaky(n))
