from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __init__(self, factor: int = 1, unit: str = "x"):
        super().__init__()
        self.factor, self.unit = factor, unit

    def forward(self, n: int):
        return str(n * self.factor) + self.unit


run_it = Runs(7, unit="km")
