from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __call__(self, *args, **kwargs):
        kwargs.pop("sanitize_inputs_outputs", None)
        return "called " + super().__call__(*args, **kwargs)

    def forward(self, n: int):
        return str(n)
