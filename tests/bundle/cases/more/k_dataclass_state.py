from smolagents import Tool
from dataclasses import dataclass, field
@dataclass
class State:
    calls: int = 0
    log: list = field(default_factory=list)


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self):
        super().__init__()
        self.state = State()

    def forward(self, n: int):
        self.state.calls += 1
        return repr(self.state)
