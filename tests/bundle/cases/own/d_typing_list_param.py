from typing import Dict, List, Literal, Optional, Tuple
from smolagents import tool

@tool
def pick(values: List[int], how: Literal["first", "last"] = "first", more: Optional[List[Dict[str, int]]] = None, pair: Tuple[int, str] = (1, "a")) -> Optional[int]:
    """Pick.

    Args:
        values: Values.
        how: How.
        more: More.
        pair: Pair.
    """
    return values[0] if how == "first" else values[-1]

TOOL = pick
