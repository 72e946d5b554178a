from smolagents import Tool

class Shout:
    def shout(self, text):
        return text.upper() + self.mark

class ShoutTool(Shout, Tool):
    name = "shout"
    description = "Shout."
    inputs = {"text": {"type": "string", "description": "The text."}}
    output_type = "string"
    mark = "!"

    def forward(self, text: str) -> str:
        return self.shout(text)

TOOL = ShoutTool()
