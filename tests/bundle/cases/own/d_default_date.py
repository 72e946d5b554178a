import datetime
from pathlib import Path
from smolagents import tool

@tool
def days(day: datetime.date = datetime.date(2024, 1, 2), folder: Path = Path("x")) -> str:
    """Days.

    Args:
        day: Day.
        folder: Folder.
    """
    return f"{day.isoformat()} {folder}"

TOOL = days
