from smolagents import tool

from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from surely_no_such_package_here import Thing
else:
    class Thing:
        pass


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f'{n}{Thing.__name__}'