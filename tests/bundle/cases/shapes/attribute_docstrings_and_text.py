from smolagents import Tool

TEMPLATE = """
class Fake(Tool):
    def forward(self): ...
"""


class TextTool(Tool):
    """A tool; def forward(self) in its text."""

    name = "text_tool"
    description = """Writes
    "quoted" \\ text with {braces} and 'def forward'.
"""
    inputs = {"n": {"type": "integer", "description": 'N "quoted" \\n'}}
    output_type = "string"
    note = '''it's """odd"""'''

    def forward(self, n: int) -> str:
        # def forward(self, n): return 1
        text = f"""{n}
        {self.note!r}
    def forward
\tx"""
        return text + TEMPLATE
