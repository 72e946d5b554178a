from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.example import function_tool
from toolreg.lint.rule import Hit, Severity, rule


@rule(
    "TRG202",
    "undescribed-parameter",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", args={}),
        function_tool("return text[:count]", signature="text: str, count: int", args={"text": "Text to shorten."}),
    ],
    good=[function_tool("return text[:count]", signature="text: str, count: int")],
    fix="unsafe",
)
def undescribed_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A parameter that the `Args:` section does not describe.

    smolagents refuses a function with an undescribed parameter; a model that does not know what to
    pass guesses. Add a line `name: what to pass, in which form, with an example`.
    """
    if tool.form == "class" or not tool.docstring.text:
        return
    section = tool.docstring.section("Args")
    described = {item.name for item in section.items()} if section else set()
    for parameter in tool.parameters:
        if parameter.arg not in described:
            yield parameter, f"parameter '{parameter.arg}' is not described in Args; smolagents refuses the tool"
