import datetime
from dataclasses import dataclass
from datetime import date
from typing import Optional
from smolagents import tool

@dataclass
class Event:
    day: date
    date: Optional[str] = None  # shadows

@tool
def shown(text: str) -> str:
    """Show.

    Args:
        text: T.
    """
    return str(Event(date(2024, 1, 2), text))
