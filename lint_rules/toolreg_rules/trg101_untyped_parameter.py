from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool


@rule(
    "TRG101",
    "untyped-parameter",
    Severity.ERROR,
    bad=[function_tool("return text.splitlines()[0]", signature="text")],
    good=[function_tool("return text.splitlines()[0]"), class_tool(signature="self, text")],
    references=["https://huggingface.co/docs/smolagents/tutorials/tools"],
    needs=["function"],
)
def untyped_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A parameter without a type hint.

    smolagents makes the tool's JSON Schema from the hints and refuses a function that lacks one. Give the
    parameter one of `str`, `int`, `float`, `bool`, `list`, `dict`, a `Literal`, or a union of these. A
    `Tool` subclass states its types in `inputs` instead.
    """
    if tool.form == "class":
        return
    for parameter in tool.parameters:
        if parameter.annotation is None:
            yield parameter, f"parameter '{parameter.arg}' has no type hint; smolagents refuses the tool"
