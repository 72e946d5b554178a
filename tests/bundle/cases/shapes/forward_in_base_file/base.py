from smolagents import Tool


class Base(Tool):
    def forward(self, n: int) -> str:
        return self.word * n
