from smolagents import Tool
from typing import Generic, TypeVar
T = TypeVar("T")
class Typed(Tool, Generic[T]):
    kind: type = str
    def cast(self, v) -> T: return self.kind(v)


class Runs(Typed[int]):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    kind = int

    def forward(self, n: int):
        return str(self.cast(n))
