from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    note = "first"

    def forward(self, n: int):
        return self.note + str(n)


Runs.note = "second"
