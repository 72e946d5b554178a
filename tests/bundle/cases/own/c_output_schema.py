from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "object"
    output_schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    def forward(self, n: int) -> dict:
        return {"x": n}
