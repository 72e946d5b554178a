from smolagents import tool
from pydantic import BaseModel, ValidationError
class Q(BaseModel):
    n: int


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    try:
        Q(n="x" * n)
    except ValidationError as e:
        return str(e.errors()[0]["type"]) + str(len(e.errors()))
    return "no"
