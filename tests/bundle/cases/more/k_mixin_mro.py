from smolagents import Tool
class Loud:
    def word(self): return super().word().upper()
class Twice:
    def word(self): return super().word() * 2
class Core(Tool):
    def word(self): return "w"


class Runs(Loud, Twice, Core):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"

    def forward(self, n: int):
        return self.word() + str(n) + ",".join(c.__name__ for c in type(self).__mro__[1:4])
