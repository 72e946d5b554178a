from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    if True:
        LEVEL = 2
    else:
        LEVEL = 3
    for _name in ("a", "b"):
        locals()[_name] = _name * 2
    del _name

    def forward(self, n: int):
        return str(self.LEVEL) + self.a + self.b
