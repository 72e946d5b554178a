from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    _unit = "km"
    @property
    def unit(self): return self._unit
    @unit.setter
    def unit(self, v): self._unit = v
    @classmethod
    def make(cls): return cls.__name__ * 0 + "made"
    @staticmethod
    def half(x): return x / 2

    def forward(self, n: int):
        self.unit = "mi"
        return self.unit + self.make() + str(self.half(n))
