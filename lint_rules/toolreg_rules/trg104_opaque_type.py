from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._signature import JSON_TYPES, WRAPPERS, head_of, is_none, parts_of

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
        "bytes",
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
        for part in parts_of(parameter.annotation) if parameter.annotation is not None else ():
            name = head_of(part)
            if (
                name
                and name not in JSON_TYPES
                and name not in WRAPPERS
                and not is_none(part)
                and name not in _ELSEWHERE
            ):
                yield (
                    parameter,
                    f"parameter '{parameter.arg}': the model is told only 'object' for {name}; take a plain type",
                )
