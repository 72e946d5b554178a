import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Place, Severity, rule
from toolreg.lint.example import class_tool
from toolreg.lint.judge import place_of
from toolreg.lint.walk import nodes
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import default_of, is_optional, skips_validation
from toolreg_rules._values import inputs_of


@rule(
    "TRG108",
    "nullable-mismatch",
    Severity.ERROR,
    bad=[
        class_tool(signature='self, text: str = "one"'),
        class_tool(
            inputs='{"text": {"type": "string", "description": "Text with a word.", "nullable": True}}'
        ),
    ],
    good=[
        class_tool(
            signature='self, text: str = "one"',
            inputs='{"text": {"type": "string", "description": "Text with a word.", "nullable": True}}',
        ),
    ],
    fix="safe",
    needs=["class"],
)
def nullable_mismatch(tool: ToolSource) -> Iterator[Hit]:
    """`nullable` in `inputs` and the default in `forward` disagree.

    smolagents refuses the class: a parameter with a default must be `"nullable": True` in `inputs`, and one that is
    nullable must have a default or take None.
    """
    inputs = inputs_of(tool)
    if tool.form == "function" or inputs is None or skips_validation(tool):
        return
    defaults = default_of(tool)
    for parameter in tool.parameters:
        if parameter.arg not in inputs:
            continue
        key, entries = inputs[parameter.arg]
        nullable = _is_true(entries.get("nullable"))
        may_be_none = parameter.arg in defaults or (
            parameter.arg in hints_of(tool) and is_optional(hints_of(tool)[parameter.arg])
        )
        if parameter.arg in defaults and not nullable:
            yield (
                key,
                f"input '{parameter.arg}' has a default in forward but is not 'nullable': True",
                _nullable(tool, entries),
            )
        elif nullable and not may_be_none and parameter.annotation is not None:
            yield (
                key,
                f"input '{parameter.arg}' is nullable, but forward has neither a default nor None for it",
            )


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _nullable(tool: ToolSource, entries: dict[str, ast.expr]) -> Fix | None:
    given = entries.get("nullable")
    if given is not None:
        return Fix("Make it nullable", (Edit(place_of(given), "True"),), safe=True)
    last = max(entries.values(), key=lambda v: (v.end_lineno or 0, v.end_col_offset or 0), default=None)
    if last is None or not any(last in d.values for d in nodes(tool, ast.Dict)):
        return None
    line, column = last.end_lineno or last.lineno, last.end_col_offset or 0
    return Fix(
        "Make it nullable", (Edit(Place(line, column, line, column), ', "nullable": True'),), safe=True
    )
