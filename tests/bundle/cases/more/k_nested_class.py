from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    class Result:
        def __init__(self, n): self.n = n
        def __str__(self): return f"R{self.n}"

    def forward(self, n: int):
        return str(self.Result(n))
