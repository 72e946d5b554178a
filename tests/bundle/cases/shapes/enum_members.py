from smolagents import tool

from enum import Enum, IntEnum, auto, unique

@unique
class Level(IntEnum):
    LOW = auto()
    HIGH = auto()

    @property
    def label(self) -> str:
        return f"{self.name.lower()}={self.value}"

    @classmethod
    def parse(cls, text: str) -> "Level":
        return cls[text.upper()]


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Level(n).label + Level.HIGH.name + str(isinstance(Level.LOW, IntEnum))