from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Fix, Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._draft import draft_of, fix_of
from toolreg_rules._sections import args_block


@rule(
    "TRG202",
    "undescribed-parameter",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", args={}),
        function_tool(
            "return text[:count]", signature="text: str, count: int", args={"text": "Text to shorten."}
        ),
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
            message = f"parameter '{parameter.arg}' is not described in Args; smolagents refuses the tool"
            yield parameter, message, _drafted(tool)


def _drafted(tool: ToolSource) -> Fix | None:
    draft, block = draft_of(tool), args_block(tool)
    return (
        fix_of(tool, draft.with_block(block), "Draft the description")
        if draft and block and tool.docstring.style == "google"
        else None
    )
