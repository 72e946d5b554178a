from smolagents import tool
import os
if os.name == "nt":
    def sep(): return "\\"
    K = 1
elif os.name == "posix":
    def sep(): return "/"
    K = 2
else:
    raise RuntimeError("no")


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return sep() + str(K) + str(n)
