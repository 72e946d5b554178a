from smolagents import Tool

class KeyedTool(Tool):
    name = "keyed_tool"
    description = "Keyed."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def __init__(self, api_key: str):
        super().__init__()
        self.api_key = api_key

    def forward(self, n: int) -> str:
        return str(n)


TOOL = KeyedTool("abc123def456")
