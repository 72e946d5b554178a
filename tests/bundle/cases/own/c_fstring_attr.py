from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    greeting = f"{__name__ is None}"
    def forward(self, n: int) -> str:
        return self.greeting
