from smolagents import Tool

FACTOR = 4


class ScaleTool(Tool):
    name = "scale_tool"
    description = "Scale."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"

    def __init__(self, factor: int = 1, *offsets: int, labels: tuple = (), **rest):
        super().__init__()
        self.factor, self.labels, self.rest = factor, labels, rest

    def forward(self, n: int) -> int:
        return n * self.factor + len(self.labels)


scale = ScaleTool(factor=-7, labels=("a", "b"))
