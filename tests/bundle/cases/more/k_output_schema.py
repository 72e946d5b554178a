from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "object"
    output_schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

    def forward(self, n: int):
        return {"n": n}
