from smolagents import tool

from enum import Enum, Flag, IntFlag
Kind = Enum("Kind", "A B")
class Flags(Flag):
    X = 1
    Y = 2
class Perm(IntFlag):
    R = 4
    W = 2
    RW = R | W


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Kind.B.name + str(Flags.X | Flags.Y) + str(Perm.R in Perm.RW)