from __future__ import annotations
from smolagents import tool

from dataclasses import dataclass, field, replace, KW_ONLY
from typing import ClassVar

@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    tags: list[str] = field(default_factory=lambda: ["t"])

@dataclass(order=True)
class Outer:
    limit: ClassVar[int] = 5
    n: int
    inner: Inner = field(compare=False)
    _: KW_ONLY
    extra: dict[str, int] | None = None

    def __post_init__(self) -> None:
        self.n = min(self.n, self.limit)

    def bumped(self) -> Outer:
        return replace(self, n=self.n + 1, extra={"a": 1})


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return repr(Outer(n, Inner('x')).bumped())