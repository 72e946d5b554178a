from smolagents import Tool
REGISTRY = {}
class Auto(Tool):
    def __init_subclass__(cls, mark="m", **kw):
        super().__init_subclass__(**kw)
        REGISTRY[cls.__name__] = mark


class Runs(Auto, mark="q"):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"

    def forward(self, n: int):
        return str(REGISTRY) + str(n)
