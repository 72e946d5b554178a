from smolagents import Tool
BASE_INPUTS = {"n": {"type": "integer", "description": "A value."}}
def with_more(d, **more): return {**d, **more}


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = with_more(BASE_INPUTS, unit={"type": "string", "description": "Unit.", "nullable": True})
    output_type = "string"

    def forward(self, n: int, unit: str = "km"):
        return f"{n}{unit}"
