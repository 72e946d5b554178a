from smolagents import tool
import datetime

@tool
def run_it(n: datetime.date = datetime.date(2020, 1, 1)) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(n)
