from enum import Enum
from smolagents import tool

class Unit(Enum):
    C = "celsius"
    F = "fahrenheit"

@tool
def temperature(city: str, unit: Unit = Unit.C) -> str:
    """Temperature.

    Args:
        city: City.
        unit: Unit.
    """
    return city + unit.value

TOOL = temperature
