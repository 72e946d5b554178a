from smolagents import Tool
import json
LIMIT = 3
def helper(x): return json.dumps([x, LIMIT])


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def _more(self, n): return "m" * n

    def forward(self, n: int):
        return helper(n) + self._more(n)
