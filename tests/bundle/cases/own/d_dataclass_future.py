from __future__ import annotations
from dataclasses import dataclass, asdict
from typing import ClassVar
from smolagents import tool

@dataclass
class Node:
    value: int
    next: Node | None = None
    limit: ClassVar[int] = 9

@tool
def nodes(n: int) -> dict:
    """Nodes.

    Args:
        n: N.
    """
    return {**asdict(Node(n, Node(n + 1))), "limit": Node.limit}
