from smolagents import Tool

class KeyedTool(Tool):
    name = "keyed_tool"
    description = "Keyed."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def __init__(self, config: dict):
        super().__init__()
        self.config = config

    def forward(self, n: int) -> str:
        return str(n)


TOOL = KeyedTool(config={"auth": {"token": "abc123def456"}})
