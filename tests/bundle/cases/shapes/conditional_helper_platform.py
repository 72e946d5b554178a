from smolagents import tool

import os, sys
if sys.platform == "win32":
    def sep_of(n): return "\\" * n
    MODE = "w"
elif sys.platform.startswith("linux"):
    def sep_of(n): return "/" * n
    MODE = "l"
else:
    MODE = "o"
    def sep_of(n): return "?"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return sep_of(n) + MODE