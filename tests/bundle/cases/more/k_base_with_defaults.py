from smolagents import Tool
class HttpTool(Tool):
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    timeout = 10
    def __init__(self, timeout=None, **kwargs):
        super().__init__(**kwargs)
        self.timeout = timeout or type(self).timeout


class Runs(HttpTool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    timeout = 20

    def forward(self, n: int):
        return f"{self.timeout} {n}"
