from smolagents import Tool


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    __secret = 3
    def __mangle(self, x): return x + self.__secret
    _Runs__other = 4

    def forward(self, n: int):
        return str(self.__mangle(n) + self.__other)
