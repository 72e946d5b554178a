from smolagents import tool

from contextlib import ExitStack, contextmanager, suppress

@contextmanager
def section(log, name):
    log.append("in " + name)
    try:
        yield name
    finally:
        log.append("out " + name)

class Guard:
    def __init__(self, log): self.log = log
    def __enter__(self): return 1, 2
    def __exit__(self, kind, value, trace):
        self.log.append(kind.__name__ if kind else "fine")
        return False


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    log = []
    with section(log, "a") as a, Guard(log) as (g, h), suppress(ZeroDivisionError):
        log.append(f"{a}{g}{h}")
        1 / (n - n)
    return ",".join(log)
