from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._signature import skips_validation
from toolreg_rules._values import inputs_of


@rule(
    "TRG109",
    "inputs-forward-mismatch",
    Severity.ERROR,
    bad=[
        class_tool("return words", signature="self, words: str"),
        class_tool(inputs="{}"),
    ],
    good=[
        class_tool(),
    ],
    needs=["class"],
)
def inputs_forward_mismatch(tool: ToolSource) -> Iterator[Hit]:
    """`inputs` and the parameters of `forward` are not the same.

    smolagents refuses the class: each key of `inputs` is a parameter of `forward`, by name, and the other way round.
    """
    inputs = inputs_of(tool)
    if (
        tool.form == "function"
        or inputs is None
        or tool.call is None
        or skips_validation(tool)
        or tool.call.args.kwarg
        or tool.call.args.vararg
    ):
        return
    names = [p.arg for p in tool.parameters]
    for name, (key, _) in inputs.items():
        if name not in names:
            yield key, f"input '{name}' is no parameter of forward, which takes {', '.join(names) or 'none'}"
    for parameter in tool.parameters:
        if parameter.arg not in inputs:
            yield parameter, f"parameter '{parameter.arg}' of forward is not in inputs"
