from smolagents import tool

import threading, contextvars
LOCK = threading.RLock()
VAR = contextvars.ContextVar("VAR", default=0)
OUT: list[int] = []


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    with LOCK:
        VAR.set(n)
        t = threading.Thread(target=OUT.append, args=(VAR.get(),))
        t.start(); t.join()
    return str(OUT)