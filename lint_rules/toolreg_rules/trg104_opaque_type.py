import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._hints import every_part, hints_of
from toolreg_rules._signature import JSON_TYPES, WRAPPERS, head_of, is_none

# Types that other rules speak of.
_ELSEWHERE = frozenset(
    {
        "set",
        "frozenset",
        "Set",
        "FrozenSet",
        "AbstractSet",
        "Callable",
        "Iterator",
        "Iterable",
        "Generator",
        "Type",
        "type",
        "Sequence",
        "Mapping",
    }
)


@rule(
    "TRG104",
    "opaque-type",
    Severity.WARNING,
    bad=[
        function_tool("return text.isoformat()", signature="text: datetime.date", head="import datetime"),
        function_tool(
            "return text.name", signature="text: Path | None = None", head="from pathlib import Path"
        ),
    ],
    good=[
        function_tool(
            "return date.fromisoformat(text).isoformat()",
            signature="text: str",
            head="from datetime import date",
            args={"text": "Day as an ISO date, e.g. 2026-01-31."},
        ),
    ],
    references=["https://github.com/huggingface/smolagents/issues/699"],
    needs=["function"],
)
def opaque_type(tool: ToolSource) -> Iterator[Hit]:
    """A type of which the model is told nothing but "object".

    smolagents writes `{"type": "object"}` for every class it does not know: dates, paths, enums, dataclasses,
    pydantic models. The model then sends a mapping, and the tool gets a dict where it expects an instance. Take a
    plain type and say its form in the description: `day: str`, "ISO date".
    """
    if tool.form == "class":
        return
    for parameter in tool.parameters:
        hint = hints_of(tool).get(parameter.arg)
        name = next((n for part in every_part(hint) if (n := _opaque(part))), "") if hint is not None else ""
        if name:
            told = (
                f"parameter '{parameter.arg}': the model is told only 'object' for {name}; take a plain type"
            )
            yield parameter, told


def _opaque(part: ast.expr) -> str:
    """The name of a class that smolagents does not know; "" for a type that is known, or another rule's."""
    name = head_of(part)
    if isinstance(part, ast.Subscript) or is_none(part) or name in JSON_TYPES or name in WRAPPERS:
        return ""
    return "" if name in _ELSEWHERE else name
