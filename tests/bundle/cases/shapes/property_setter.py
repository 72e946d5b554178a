from smolagents import Tool

class BoxTool(Tool):
    name = "box_tool"
    description = "Box."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    _scale = 3
    STEPS = [x * 2 for x in range(3)]
    TOTAL = sum(STEPS)

    @property
    def scale(self) -> int:
        return self._scale

    @scale.setter
    def scale(self, value: int) -> None:
        self._scale = value

    @classmethod
    def made(cls, n: int) -> str:
        return f"{cls.__name__}{n}"

    @staticmethod
    def plus(a, b=TOTAL):
        return a + b

    def forward(self, n: int) -> str:
        self.scale = n
        return self.made(self.plus(self.scale)) + str(self.STEPS)
