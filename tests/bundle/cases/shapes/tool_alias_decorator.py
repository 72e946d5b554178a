from smolagents import tool as smol_tool

import smolagents

TOOL = "@tool"

@smol_tool
def run_it(n: int) -> str:
    """Do.

    Args:
        n: N.

    Returns:
        Text.
    """
    return TOOL + str(n) + smolagents.__name__
