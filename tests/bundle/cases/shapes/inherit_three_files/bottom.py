from smolagents import Tool

UNIT = "m"


def helper():
    return "bottom"


class Bottom(Tool):
    output_type = "string"

    def suffix(self):
        return UNIT + helper()

    def forward(self, n: int) -> str:
        return f"{n}"
