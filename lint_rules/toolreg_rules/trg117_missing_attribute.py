import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._signature import head_of, is_tool
from toolreg_rules._values import set_in_init


@rule(
    "TRG117",
    "missing-attribute",
    Severity.ERROR,
    bad=[
        class_tool(description=None),
        class_tool(output_type=None),
    ],
    good=[
        class_tool(),
    ],
    needs=["class"],
)
def missing_attribute(tool: ToolSource) -> Iterator[Hit]:
    """A `Tool` subclass without name, description, inputs, output_type or forward.

    smolagents refuses to make an instance of it.
    """
    if tool.form == "function" or _outside(tool):
        return
    have = set_in_init(tool)
    if (
        not have & set(_ALL)
        and not any(tool.attribute(name) for name in _ALL)
        and tool.method("forward") is None
    ):
        return  # a base for others
    for name in ("name", "description", "inputs", "output_type"):
        if tool.attribute(name) is None and name not in have:
            yield tool.node, f"class attribute '{name}' is missing; smolagents refuses the tool"
    if tool.method("forward") is None and tool.attribute("forward") is None and "forward" not in have:
        yield tool.node, "method 'forward' is missing; smolagents refuses the tool"


_ALL = ("name", "description", "inputs", "output_type", "forward")


def _outside(tool: ToolSource) -> bool:
    """A base that stands elsewhere, and may define any of it."""
    known = {b.name for b in tool.bases}
    owners = [o for o in (tool.node, *tool.bases) if isinstance(o, ast.ClassDef)]
    return any(not is_tool(tool, b) and head_of(b) not in known for o in owners for b in o.bases)
