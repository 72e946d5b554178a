from smolagents import Tool
from functools import lru_cache, cached_property


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    @lru_cache(maxsize=None)
    def slow(self, n): return n * 2
    @cached_property
    def table(self): return {"a": 1}

    def forward(self, n: int):
        return str(self.slow(n)) + str(self.table)
