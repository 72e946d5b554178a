from smolagents import Tool
def tagged(**marks):
    def around(cls):
        for k, v in marks.items(): setattr(cls, k, v)
        return cls
    return around


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"

    def forward(self, n: int):
        return getattr(self, "extra", "none") + str(n)
