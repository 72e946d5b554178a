from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    @property
    def factor(self):
        return 3
    def forward(self, n: int) -> int:
        return n * self.factor
