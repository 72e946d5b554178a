from smolagents import Tool

class A(Tool):
    name = "a"
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"

    @property
    def description(self):
        return "Do " + "it."

    def forward(self, n: int) -> int:
        return n
