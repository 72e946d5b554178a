from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def __repr__(self): return f"<{self.name}>"
    def __eq__(self, other): return isinstance(other, type(self))
    def __hash__(self): return 1
    def __getattr__(self, name):
        if name.startswith("x_"): return name
        raise AttributeError(name)

    def forward(self, n: int):
        return repr(self) + str(self == Runs()) + self.x_y + str(n)
