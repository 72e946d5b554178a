from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    seen = []
    @classmethod
    def remember(cls, n):
        cls.seen.append(n)
        return len(cls.seen)
    def forward(self, n: int) -> int:
        return self.remember(n)
