from smolagents import tool
from dataclasses import dataclass, field, asdict, replace, KW_ONLY, InitVar
from typing import ClassVar
DEFAULTS = ["a"]
@dataclass(order=True, slots=True, frozen=True)
class Row:
    n: int
    _: KW_ONLY
    tags: list[str] = field(default_factory=lambda: list(DEFAULTS))
    total: ClassVar[int] = 3
    next: "Row | None" = None
@dataclass
class Wrap:
    seed: InitVar[int]
    v: int = field(init=False, repr=False, default=0)
    def __post_init__(self, seed): self.v = seed + Row.total


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(asdict(replace(Row(n), next=Row(1)))) + repr(Wrap(n)) + str(Wrap(n).v)
