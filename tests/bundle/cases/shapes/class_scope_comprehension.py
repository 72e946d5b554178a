from smolagents import Tool

class ScopeTool(Tool):
    name = "scope_tool"
    description = "Scope."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    BASE = 3
    ROWS = [i for i in range(BASE)]
    TABLE = {k: v for k, v in zip("ab", ROWS)}
    NESTED = {"a": [{"b": (1, -2.5e3, None, True, b"x", 1j, ...)}]}
    FN = lambda self, x: x + self.BASE  # noqa: E731

    class Inner:
        depth = 2

        def show(self):
            return self.depth

    def forward(self, n: int) -> str:
        return f"{self.ROWS}{self.TABLE}{self.NESTED}{self.FN(n)}{self.Inner().show()}{__class__.__name__}"
