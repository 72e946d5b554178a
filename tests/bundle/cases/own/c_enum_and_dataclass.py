import enum
from dataclasses import dataclass, field
from typing import ClassVar
from smolagents import Tool

class Mode(enum.Enum):
    LOUD = "loud"
    SOFT = "soft"

@dataclass
class Options:
    limit: ClassVar[int] = 3
    modes: list[Mode] = field(default_factory=lambda: [Mode.LOUD])

class SayTool(Tool):
    name = "say"
    description = "Say it."
    inputs = {"text": {"type": "string", "description": "The text."}}
    output_type = "string"
    options = Options()

    def forward(self, text: str) -> str:
        return f"{text}{self.options.limit}{self.options.modes}{Options()}"

TOOL = SayTool()
