from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG106",
    "unreachable-parameter",
    Severity.ERROR,
    bad=[
        function_tool(
            "return text[:count]",
            signature="text: str, *, count: int = 5",
            args={"text": "Text to shorten, e.g. 'one'.", "count": "Characters to keep, 1 to 100."},
        ),
        function_tool(
            "return text[:5]", signature="text: str, /", args={"text": "Text to shorten, e.g. 'one'."}
        ),
    ],
    good=[
        function_tool("return text[:count]", signature="text: str, count: int = 5"),
    ],
    references=["https://github.com/huggingface/smolagents/issues/2668"],
)
def unreachable_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A positional-only or keyword-only parameter.

    smolagents passes arguments by name and rebuilds the signature when it saves: it cannot decorate a function with
    a positional-only parameter, and refuses to save one that is keyword-only. Drop the `/` or the `*`.
    """
    if tool.call is None:
        return
    for parameter in tool.call.args.posonlyargs[tool.form == "class" :]:
        yield (
            parameter,
            f"'{parameter.arg}' is positional-only; smolagents passes arguments by name. Drop the '/'",
        )
    for parameter in tool.call.args.kwonlyargs:
        yield parameter, f"'{parameter.arg}' is keyword-only; smolagents cannot save it. Drop the '*'"
