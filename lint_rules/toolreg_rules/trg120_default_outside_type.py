import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._signature import JSON_TYPES, default_of, json_type


@rule(
    "TRG120",
    "default-outside-type",
    Severity.WARNING,
    bad=[
        function_tool("return text[:int(count)]", signature='text: str, count: int = "5"'),
    ],
    good=[
        function_tool("return text[:int(count)]", signature="text: str, count: float = 5"),
    ],
)
def default_outside_type(tool: ToolSource) -> Iterator[Hit]:
    """A default that is not of the hinted type.

    A model that reads the schema will send the one, while the code was written for the other.
    """
    defaults = default_of(tool)
    for parameter in tool.parameters:
        default = defaults.get(parameter.arg)
        if parameter.annotation is None or not isinstance(default, ast.Constant) or default.value is None:
            continue
        hinted, given = json_type(parameter.annotation), JSON_TYPES.get(type(default.value).__name__, "")
        fits = (
            given == hinted
            or (given, hinted) == ("integer", "number")
            or hinted in ("any", "image", "audio", "")
        )
        if given and not fits:
            yield default, f"the default of '{parameter.arg}' is a {given}, but its type says {hinted}"
