from __future__ import annotations
from typing import TYPE_CHECKING
from smolagents import tool

if TYPE_CHECKING:
    import surely_not_there

def _h(x: surely_not_there.Thing) -> str:
    return str(x)

@tool
def checked(text: str) -> str:
    """Checked.

    Args:
        text: Text.
    """
    return _h(text)
