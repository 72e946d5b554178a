from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "array", "items": {"type": "string"}, "description": "Items.", "nullable": True}}
    output_type = "array"

    def forward(self, n: list[str] | None = None):
        return [x.upper() for x in n or []]
