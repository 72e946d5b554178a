import other.base as base
from smolagents import Tool


def __helper():
    return "h"


HELPER = __helper


class LeafTool(base.Mixin, Tool):
    name = "leaf_tool"
    description = "Leaf."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    __word = "leaf"

    def forward(self, n: int) -> str:
        return self.__word * n + self.secret() + HELPER() + base.__doc_name__
