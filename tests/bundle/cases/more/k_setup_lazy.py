from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self):
        super().__init__()
        self.ready = False
    def setup(self):
        self.ready = "ready"
        self.is_initialized = True

    def forward(self, n: int):
        return str(self.ready) + str(n)
