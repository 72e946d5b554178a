from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    low = -1
    size = 2 * 4
    def forward(self, n: int) -> int:
        return n + self.low + self.size
