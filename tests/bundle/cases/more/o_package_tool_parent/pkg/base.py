from smolagents import Tool
from .mix import Mix
class Base(Mix, Tool):
    output_type = "string"
    def wrap(self, x): return f"[{self.mixed(x)}]"
