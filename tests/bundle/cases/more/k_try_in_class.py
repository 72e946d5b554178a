from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    try:
        import tomllib as loader
    except ImportError:
        loader = None
    with open("/dev/null") as _f:
        EMPTY = _f.read()

    def forward(self, n: int):
        return str(self.loader.loads("a=1")) + self.EMPTY + str(n)
