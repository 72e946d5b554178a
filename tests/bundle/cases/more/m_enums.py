from smolagents import tool
from enum import Enum, IntEnum, Flag, IntFlag, StrEnum, auto, unique, member, nonmember
@unique
class Colour(StrEnum):
    RED = auto()
    BLUE = "b"
    @classmethod
    def _missing_(cls, value): return cls.RED
    @property
    def shout(self): return self.value.upper()
class Perm(Flag):
    R = auto(); W = auto()
    RW = R | W
class Level(IntEnum):
    LOW = 1
    HIGH = 5
    def __str__(self): return f"L{self.value}"
class Planet(Enum):
    EARTH = (1.0, 2)
    def __init__(self, mass, radius): self.mass = mass


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Colour("zz").shout + str(Perm.RW & Perm.R) + str(Level(5)) + str(Planet.EARTH.mass) + Colour.BLUE + str(n)
