from smolagents import Tool

FACTOR = 4
NAMES = ["a", FACTOR]


class ScaleTool(Tool):
    name = "scale_tool"
    description = "Scale."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def __init__(self, factor: int = 1, names: list | None = None):
        super().__init__()
        self.factor, self.names = factor, names

    def forward(self, n: int) -> str:
        return f"{n * self.factor}{self.names}"


scale = ScaleTool(FACTOR, names=NAMES)
