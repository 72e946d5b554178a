from smolagents import tool

import kit
from kit import shout, Shape as Form, VERSION
from kit.sub import quiet


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return shout(str(n)) + Form(n).name + VERSION + quiet("A") + kit.shout("x")
