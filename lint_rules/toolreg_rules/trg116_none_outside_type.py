import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.judge import place_of
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import default_of, is_none, is_optional


@rule(
    "TRG116",
    "none-outside-type",
    Severity.WARNING,
    bad=[
        function_tool("return text or ''", signature="text: str = None"),
    ],
    good=[
        function_tool("return text or ''", signature="text: str | None = None"),
        function_tool(
            "return text or ''", signature="text: Optional[str] = None", head="from typing import Optional"
        ),
    ],
    fix="safe",
)
def none_outside_type(tool: ToolSource) -> Iterator[Hit]:
    """A default of None for a type that does not allow it.

    The hint tells readers and type checkers that None never comes. Write `str | None`.
    """
    defaults = default_of(tool)
    for parameter in tool.parameters:
        hint = parameter.annotation
        if (
            hint is not None
            and is_none(defaults.get(parameter.arg))
            and not is_optional(hints_of(tool)[parameter.arg])
        ):
            edit = Edit(place_of(hint), f"{ast.unparse(hint)} | None")
            fix = None if isinstance(hint, ast.Constant) else Fix("Allow None", (edit,), safe=True)
            yield (
                hint,
                f"'{parameter.arg}' defaults to None, but its type is {ast.unparse(hint)}; write '{ast.unparse(hint)} | None'",
                fix,
            )
