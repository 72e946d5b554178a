from smolagents import Tool

class Runs(Tool):
    name = "run_it"
    description = "Do."
    inputs = {"n": {"type": "integer", "description": "A."}}
    output_type = "string"

    def forward(self, n: int):
        import kit.deep
        import kit
        return kit.deep.work(n) + kit.NAME
