from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    def __init__(self, k=1):
        super().__init__()
        self.k = k
    def forward(self, n: int) -> int:
        return self.k
ONE = A(k=2)
TWO = A(k=3)
