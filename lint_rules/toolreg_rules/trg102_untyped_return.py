from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool


@rule(
    "TRG102",
    "untyped-return",
    Severity.ERROR,
    bad=[function_tool("return text.splitlines()[0]", returns="")],
    good=[function_tool("return text.splitlines()[0]"), class_tool(returns="")],
    needs=["function"],
)
def untyped_return(tool: ToolSource) -> Iterator[Hit]:
    """A tool function without a return type.

    smolagents needs it for `output_type` and refuses the function without. Write `-> str`, or what the
    tool gives. A `Tool` subclass states it in `output_type`.
    """
    if tool.form == "function" and tool.call is not None and tool.call.returns is None:
        yield tool.node, "no return type hint; smolagents refuses the tool"
