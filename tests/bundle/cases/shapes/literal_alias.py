from smolagents import tool

from typing import Literal
Mode = Literal["fast", "slow"]
MODES: tuple[Mode, ...] = ("fast", "slow")


@tool
def run_it(n: int, mode: Mode = MODES[1]) -> str:
    """Do the thing.

    Args:
        n: A value.
            mode: A mode.

    Returns:
        Text.
    """
    return mode + str(n)