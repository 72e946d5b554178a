from smolagents import tool
import db
from db import add


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    add(n)
    return str(db.ROWS)
