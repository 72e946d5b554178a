from smolagents import Tool

def __outside(n):
    return n


class MangledTool(Tool):
    name = "mangled_tool"
    description = "Mangled."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    __factor = 3

    def __scaled(self, n):
        return n * self.__factor

    def forward(self, n: int) -> int:
        return self.__scaled(n) + self._MangledTool__factor
