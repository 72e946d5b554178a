from smolagents import tool

from typing import Annotated, Optional
UNIT = "metres"
class Meta:
    def __init__(self, text): self.text = text
Length = Annotated[Optional[int], Meta(UNIT), "in {}".format(UNIT)]


@tool
def run_it(n: Length = None) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)