from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self, factor: int = 1):
        super().__init__()
        self.factor = factor

    def forward(self, n: int):
        return str(n * self.factor)


TOOLS = [Runs(factor=3)]
