from smolagents import Tool

from middle import Middle

class DeepTool(Middle):
    name = "deep_tool"
    description = "Deep."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def forward(self, n: int) -> str:
        return super().forward(n) + self.suffix() + helper()


def helper():
    return "own"
