from smolagents import Tool
from abc import ABC, abstractmethod
class Base(Tool, ABC):
    output_type = "string"
    prefix = "base:"
    @abstractmethod
    def word(self): ...
    def forward(self, n: int): return self.prefix + self.word() + str(n)


class Runs(Base):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    def word(self): return "w"
