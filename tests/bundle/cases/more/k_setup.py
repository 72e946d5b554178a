from smolagents import Tool
import random

class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def setup(self):
        self.rng = random.Random(1)
        super().setup()
        self.is_initialized = True

    def forward(self, n: int):
        return str(self.rng.randint(0, 100)) + str(n)
