from smolagents import tool

from abc import ABC
class Bird(ABC):
    @classmethod
    def __subclasshook__(cls, other):
        return NotImplemented
@Bird.register
class Duck: ...
Bird.register(int)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(isinstance(Duck(), Bird)) + str(issubclass(int, Bird))