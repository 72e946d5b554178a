from smolagents import Tool

class LateTool(Tool):
    name = "late"
    description = "Late."
    output_type = "string"

    def __init__(self):
        self.inputs = {"text": {"type": "string", "description": "The text."}}
        super().__init__()

    def forward(self, text: str) -> str:
        return text

TOOL = LateTool()
