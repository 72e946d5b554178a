import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import described, json_type, types_in
from toolreg_rules._values import inputs_of

_UNITS = {
    **dict.fromkeys(("timeout", "duration", "delay", "interval", "age"), "seconds, days, …"),
    **dict.fromkeys(
        ("distance", "radius", "altitude", "elevation", "height", "width", "length", "depth"),
        "metres, pixels, characters, …",
    ),
    **dict.fromkeys(("weight", "mass"), "kilograms, …"),
    "size": "bytes, pixels, …",
    **dict.fromkeys(("speed", "velocity"), "km/h, m/s, …"),
    **dict.fromkeys(("temperature",), "degrees Celsius, …"),
    **dict.fromkeys(("angle", "bearing", "heading"), "degrees or radians"),
    **dict.fromkeys(("price", "amount", "budget", "salary", "cost"), "which currency"),
}
# A size of these is a number of things.
_COUNTED = [
    [word]
    for word in (
        "page",
        "batch",
        "chunk",
        "sample",
        "window",
        "step",
        "group",
        "pool",
        "population",
        "vocab",
        "context",
    )
]
_SAYS_UNIT = re.compile(
    r"(?i)\b(?:\w*seconds?|secs?|ms|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|(?:kilo|centi|milli)?met(?:er|re)s?|km|cm|mm|miles?|feet|foot|ft|"
    r"inch(?:es)?|yards?|pixels?|px|points?|characters?|chars|words?|tokens?|lines?|items?|bytes?|[kmg]i?b|grams?|kilograms?|kg|pounds?|lbs?|ounces?|"
    r"celsius|fahrenheit|kelvin|degrees?|radians?|usd|eur|gbp|dollars?|euros?|cents?|currency|unit|units|percent|ratio|fraction|levels?|layers?|depth of (?:the )?(?:search|recursion|tree)|mph|kmh|knots?|[sm])\b|[°%$€£]|m/s|km/h"
)


@rule(
    "TRG212",
    "unit-unstated",
    Severity.INFO,
    bad=[
        function_tool("return str(timeout)", signature="timeout: int", args={"timeout": "How long to wait."}),
    ],
    good=[
        function_tool(
            "return str(timeout)",
            signature="timeout: int",
            args={"timeout": "How many seconds to wait, 1 to 60."},
        ),
    ],
)
def unit_unstated(tool: ToolSource) -> Iterator[Hit]:
    """A number with a unit, and a description that does not say which.

    Seconds or milliseconds, metres or miles: the model guesses. Name the unit and the bounds.
    """
    texts = {name: (text, place) for name, text, place in described(tool)}
    for parameter in tool.parameters:
        word = parameter.arg.lower().split("_")[-1]
        if (
            word not in _UNITS
            or parameter.arg.lower().split("_")[-2:-1] in _COUNTED
            or parameter.arg not in texts
            or not _is_number(tool, parameter)
        ):
            continue
        text, place = texts[parameter.arg]
        if not _SAYS_UNIT.search(text) and not (word == "depth" and _is_count(tool, parameter)):
            yield place, f"in which unit is '{parameter.arg}'? Say it: {_UNITS[word]}"


def _is_count(tool: ToolSource, parameter: ast.arg) -> bool:
    """A whole number of levels, more likely than a depth in metres."""
    hint = hints_of(tool).get(parameter.arg)
    return hint is None or json_type(hint) == "integer"


def _is_number(tool: ToolSource, parameter: ast.arg) -> bool:
    if parameter.annotation is not None:
        return json_type(hints_of(tool)[parameter.arg]) in ("integer", "number")
    entry = (inputs_of(tool) or {}).get(parameter.arg)
    return entry is not None and bool({"integer", "number"} & set(types_in(entry[1].get("type"))))
