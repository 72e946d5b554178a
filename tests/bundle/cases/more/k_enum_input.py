from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": ["string", "integer"], "description": "Either.", "enum": ["a", 1]}}
    output_type = "string"

    def forward(self, n):
        return str(n)
