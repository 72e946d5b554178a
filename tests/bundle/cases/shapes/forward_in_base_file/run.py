from base import Base


class LeafTool(Base):
    name = "leaf_tool"
    description = "Leaf."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    word = "leaf"
