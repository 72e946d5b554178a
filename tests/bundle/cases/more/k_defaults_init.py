from smolagents import Tool
from pathlib import Path
ROOT = Path("a")

class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self, root=ROOT, limit: int = 10, *, tags=("x",), **kw):
        super().__init__(**kw)
        self.root, self.limit, self.tags = root, limit, tags

    def forward(self, n: int):
        return f"{self.root} {self.limit} {self.tags} {n}"
