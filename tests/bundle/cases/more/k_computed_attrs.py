from smolagents import Tool
NAMES = ["a", "b"]
UNITS = {"km": 1000}


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    BATCH = 4
    SIZE = BATCH * 2
    TABLE = {k: v * 2 for k, v in UNITS.items()}
    TEXT = f"{BATCH}-{SIZE}" + "".join(NAMES)
    NEG = -1
    PAIR = 1, 2
    KINDS: list[str] = [*NAMES, "c"]
    FN = staticmethod(lambda x: x + 1)

    def forward(self, n: int):
        return str((self.SIZE, self.TABLE, self.TEXT, self.NEG, self.PAIR, self.KINDS, self.FN(n)))
