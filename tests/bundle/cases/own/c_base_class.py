from smolagents import Tool

DEFAULT_API_URL = "https://api.example.com"

class ABase(Tool):
    """Shared parts."""
    output_type = "string"
    prefix = "<"

    def __init__(self, url: str = DEFAULT_API_URL):
        super().__init__()
        self.url = url

    def wrap(self, text):
        return self.prefix + text + ">"

class ShowTool(ABase):
    name = "show"
    description = "Show a text."
    inputs = {"text": {"type": "string", "description": "The text."}}

    def forward(self, text: str) -> str:
        return self.wrap(text) + self.url

TOOL = ShowTool()
