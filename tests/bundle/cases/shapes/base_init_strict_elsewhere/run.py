from base import Base


class StrictTool(Base):
    name = "strict_tool"
    description = "Strict."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"

    def forward(self, n: int) -> str:
        return f"{n}{self.ready}"
