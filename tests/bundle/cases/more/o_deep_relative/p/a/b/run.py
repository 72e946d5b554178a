from smolagents import tool
from .. import Y
from ... import X
from ...c import go


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Y + X + str(go(n))
