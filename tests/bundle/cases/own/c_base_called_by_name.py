from smolagents import Tool

class Aaa(Tool):
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"

    def forward(self, n: int) -> int:
        return n + 1

class Zzz(Aaa):
    name = "zzz"
    description = "Add."

    def forward(self, n: int) -> int:
        return Aaa.forward(self, n) * 2

TOOL = Zzz()
