from smolagents import tool
from typing import Any, Dict, List

@tool
def run_it(n: Dict[str, List[Any]]) -> Dict[str, Any]:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return {"got": n}
