from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._signature import skips_validation


@rule(
    "TRG105",
    "variadic-parameter",
    Severity.ERROR,
    bad=[
        function_tool(
            "return str(len(texts))", signature="*texts: str", args={"texts": "Texts to shorten, e.g. 'one'."}
        ),
        class_tool("return text", signature="self, text: str, **options: str"),
    ],
    good=[
        function_tool("return str(len(texts))", signature="texts: list"),
    ],
)
def variadic_parameter(tool: ToolSource) -> Iterator[Hit]:
    """`*args` or `**kwargs` in a tool.

    smolagents shows them to the model as ordinary inputs named `args` and `kwargs`, which no model fills rightly.
    Take a list, a dict, or named parameters.
    """
    if tool.call is None or (tool.form == "class" and skips_validation(tool)):
        return
    for parameter, stars in ((tool.call.args.vararg, "*"), (tool.call.args.kwarg, "**")):
        if parameter is not None:
            yield (
                parameter,
                f"'{stars}{parameter.arg}' cannot be described to a model; take a list, a dict or named parameters",
            )
