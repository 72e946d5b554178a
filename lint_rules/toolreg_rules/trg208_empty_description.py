import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._signature import described

_WORD = re.compile(r"[^\W_]+")
_SAYING_NOTHING = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "to",
        "for",
        "input",
        "parameter",
        "argument",
        "value",
        "str",
        "string",
        "int",
        "integer",
        "float",
        "number",
        "bool",
        "boolean",
        "list",
        "dict",
        "object",
        "required",
        "optional",
    }
)


@rule(
    "TRG208",
    "empty-description",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", args={"text": "The text."}),
        class_tool(inputs='{"text": {"type": "string", "description": ""}}'),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def empty_description(tool: ToolSource) -> Iterator[Hit]:
    """A parameter whose description says nothing, or only its name or type.

    The model knows name and type already. Say what to pass, in which form, within which bounds, with an example.
    """
    for name, text, place in described(tool):
        if not _words(text) - _SAYING_NOTHING - _words(name):
            yield place, f"the description of '{name}' says nothing beyond its name"


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}
