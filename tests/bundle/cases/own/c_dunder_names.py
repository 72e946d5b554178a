from smolagents import Tool

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    __factor = 3
    def __twice(self, n):
        return n * 2
    def forward(self, n: int) -> int:
        return self.__twice(n) * self.__factor
