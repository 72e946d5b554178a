from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self, *args, **kwargs):
        super(Runs, self).__init__(*args, **kwargs)
        self.seen = []

    def forward(self, n: int):
        self.seen.append(n)
        return str(self.seen)
