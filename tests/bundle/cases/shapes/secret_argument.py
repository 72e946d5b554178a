from smolagents import Tool

class KeyedTool(Tool):
    name = "keyed_tool"
    description = "Keyed."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def __init__(self, endpoint: str, api_key: str = ""):
        super().__init__()
        self.endpoint, self.api_key = endpoint, api_key

    def forward(self, n: int) -> str:
        return self.endpoint


TOOL = KeyedTool("https://a.example", api_key="abc123def456")
