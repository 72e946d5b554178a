from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def pages(self, n):
        for i in range(n):
            yield i, (yield_ := i * 2)

    def forward(self, n: int):
        return str(list(self.pages(n)))
