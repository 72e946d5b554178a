from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    def __init__(self, factor, /, *, plus=1):
        super().__init__()
        self.factor = factor
        self.plus = plus
    def forward(self, n: int) -> int:
        return n * self.factor + self.plus
TOOL = A(5, plus=3)
