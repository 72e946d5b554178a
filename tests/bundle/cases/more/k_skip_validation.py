from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    skip_forward_signature_validation = True

    def forward(self, *args, **kwargs):
        return str(args) + str(sorted(kwargs))
