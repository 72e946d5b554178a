from __future__ import annotations
from smolagents import tool

import typing
from collections.abc import Sequence
from dataclasses import dataclass
if typing.TYPE_CHECKING:
    from surely_no_such_package_here import Thing

@dataclass
class Node:
    value: int
    next: typing.Optional[Node] = None
    def use(self, thing: Thing, things: Sequence[Thing]) -> Thing: ...


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return repr(Node(n, Node(1)))