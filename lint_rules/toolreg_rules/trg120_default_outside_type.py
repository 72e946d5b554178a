import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import JSON_TYPES, default_of, head_of, json_type, literals_of, parts_of


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
    defaults, hints = default_of(tool), hints_of(tool)
    for parameter in tool.parameters:
        default, hint = defaults.get(parameter.arg), hints.get(parameter.arg)
        if default is None or hint is None:
            continue
        hinted, given = json_type(hint), _type_of(default)
        fits = (
            given == hinted
            or (given, hinted) == ("integer", "number")
            or hinted in ("any", "image", "audio", "")
        )
        if given and not fits:
            yield default, f"the default of '{parameter.arg}' is a {given}, but its type says {hinted}"
        elif given and _is_no_member(default, hint):
            yield default, f"the default of '{parameter.arg}' is none of the values that its type allows"


_DISPLAYS: dict[type[ast.expr], str] = {ast.List: "array", ast.Tuple: "array", ast.Dict: "object"}


def _type_of(default: ast.expr) -> str:
    """The JSON type of a literal; "" for None and for what is computed."""
    if isinstance(default, ast.UnaryOp):
        default = default.operand
    if isinstance(default, ast.Constant):
        return JSON_TYPES.get(type(default.value).__name__, "")
    return _DISPLAYS.get(type(default), "")


def _is_no_member(default: ast.expr, hint: ast.expr) -> bool:
    """A `Literal` and nothing else, without this value."""
    parts = list(parts_of(hint))
    first = parts[0] if parts else None
    if (
        not isinstance(first, ast.Subscript)
        or head_of(first) != "Literal"
        or not isinstance(default, ast.Constant)
    ):
        return False
    values = [v.value for v in literals_of(first) if isinstance(v, ast.Constant)]
    return len(values) == len(literals_of(first)) and default.value not in values
