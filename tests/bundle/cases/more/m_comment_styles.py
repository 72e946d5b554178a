from smolagents import tool
# -*- coding: utf-8 -*-
#: documented
X = 1  # trailing
# fmt: off
MATRIX = [1,0,
          0,1]
# fmt: on
# type: ignore
Y = (  # open
    2,  # two
)  # close


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    # first
    return str((X, MATRIX, Y, n))  # last
    # after
