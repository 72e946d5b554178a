from smolagents import tool
import sys
if sys.platform == "win32":
    from winreg import f
else:
    from slow import f


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f(n)
