from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": ["string", "integer"], "description": "N."}}
    output_type = "integer"
    def forward(self, n: str | int) -> int:
        return int(n)
