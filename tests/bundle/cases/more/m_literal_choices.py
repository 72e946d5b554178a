from smolagents import tool
from typing import Literal, Union, Optional, Any, List, Dict, Tuple
Mode = Literal["a", "b"]
Modes = Optional[Mode]


@tool
def run_it(n: int, mode: Modes = "a", ids: List[Dict[str, Any]] = [{"x": 1}], any: Any = None, d: Dict[str, List[int]] = {}, u: Union[int, str, None] = 3) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{n} {mode} {ids} {any} {d} {u}"
