import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import default_of, described, head_of, json_type, parts_of, types_in
from toolreg_rules._values import inputs_of

_FORMS = {
    "date": 'ISO date, e.g. "2026-01-31"',
    "day": 'ISO date, e.g. "2026-01-31"',
    "datetime": 'e.g. "2026-01-31T08:30:00Z"',
    "timestamp": 'e.g. "2026-01-31T08:30:00Z"',
    "time": 'e.g. "08:30"',
    "timezone": 'IANA name, e.g. "Europe/Paris"',
    "colour": 'e.g. "#ff8800"',
    "color": 'e.g. "#ff8800"',
    "coordinates": 'e.g. "48.85,2.35"',
    "currency": 'ISO code, e.g. "EUR"',
    "phone": 'e.g. "+33 1 23 45 67 89"',
}
_SAYS_FORM = re.compile(
    r"(?i)\be\.g|\beg\b|for example|for instance|such as|like |example|format|\biso\b|iso[ -]?\d|rfc|[\"'`\u201c\u2018]|yyyy|yy-|hh:|\d|%[YmdH]|#|\b(?:one of|either|codes?|unix|epoch|names?|hex|lat)\b"
)


@rule(
    "TRG211",
    "format-unstated",
    Severity.INFO,
    bad=[
        function_tool("return day", signature="day: str", args={"day": "The day to look up."}),
        function_tool(
            "return start_time", signature="start_time: str", args={"start_time": "When it begins."}
        ),
    ],
    good=[
        function_tool("return day", signature="day: str", args={"day": "The day to look up, an ISO date."}),
        function_tool(
            "return day", signature="day: str", args={"day": "The day to look up, such as 2026-01-31."}
        ),
    ],
)
def format_unstated(tool: ToolSource) -> Iterator[Hit]:
    """A text parameter that has a form, and a description that does not say which.

    Dates, times, colours, coordinates and languages can be written in many ways; a model takes any. Name the form
    and give an example: `day: ISO date, e.g. "2026-01-31"`.
    """
    texts = {name: (text, place) for name, text, place in described(tool)}
    for parameter in tool.parameters:
        kind = _kind(parameter.arg)
        if not kind or parameter.arg not in texts or not _is_text(tool, parameter):
            continue
        text, place = texts[parameter.arg]
        if not _SAYS_FORM.search(text):
            yield place, f"in which form is '{parameter.arg}'? Say it with an example: {_FORMS[kind]}"


_BOUNDS = ("from", "to", "start", "end", "min", "max", "after", "before", "since", "until")


def _kind(name: str) -> str:
    words = name.lower().split("_")
    if len(words) > 1 and words[-1] in _BOUNDS:
        words.pop()
    return next((word for word in (words[-1], "".join(words[-2:])) if word in _FORMS), "")


def _is_text(tool: ToolSource, parameter: ast.arg) -> bool:
    default = default_of(tool).get(parameter.arg)
    if isinstance(default, ast.Constant) and default.value:
        return False  # the default shows the form
    if parameter.annotation is not None:
        hint = hints_of(tool)[parameter.arg]
        return json_type(hint) == "string" and not any(head_of(part) == "Literal" for part in parts_of(hint))
    entry = (inputs_of(tool) or {}).get(parameter.arg)
    return entry is not None and types_in(entry[1].get("type")) == ["string"]
