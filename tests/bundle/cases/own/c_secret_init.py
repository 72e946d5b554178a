from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    def __init__(self, api_key):
        super().__init__()
        self.api_key = api_key
    def forward(self, n: int) -> str:
        return self.api_key
TOOL = A("sk-1234567890abcdef")
