from smolagents import Tool

class Base(Tool):
    output_type = "string"

    def __init__(self, *args, **kwargs):
        super(Base, self).__init__(*args, **kwargs)
        self.tag = "base"

    def render(self, n): return f"{self.tag}{n}"


class OldTool(Base):
    """Old."""
    name = "old_tool"
    description = "Old."
    inputs = {"n": {"type": "integer", "description": "N."}}

    def __init__(self, *args, **kwargs):
        super(OldTool, self).__init__(*args, **kwargs)
        self.tag += "old"

    def render(self, n):
        return super(OldTool, self).render(n) + __class__.__name__

    def forward(self, n: int) -> str:
        return Base.render(self, n) + self.render(n)
