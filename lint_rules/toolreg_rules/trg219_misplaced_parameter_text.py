from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool

_TITLES = frozenset({"returns", "return", "raises", "examples", "example", "side effects", "yields"})


@rule(
    "TRG219",
    "misplaced-parameter-text",
    Severity.WARNING,
    bad=[
        function_tool(
            "return text.splitlines()[0]",
            gives=None,
            args={"text": "Text to shorten, e.g. 'one'.\n    Returns:\n        The first line."},
        ).replace("    Examples:", "    Returns:\n        The first line.\n\n    Examples:"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=["Args:"],
)
def misplaced_parameter_text(tool: ToolSource) -> Iterator[Hit]:
    """A known section stands indented inside `Args:`.

    It is read as text of the parameter above it, and shown to the model as such. Move it to the left.
    """
    section = tool.docstring.section("Args")
    if section is None or tool.docstring.style != "google":
        return
    for offset, line in enumerate(section.lines):
        title, colon, rest = line.strip().partition(":")
        if colon and title.lower() in _TITLES and (not rest.strip() or " " in title):
            yield (
                section.line + 1 + offset,
                f"'{line.strip()}' stands inside Args, as text of a parameter; move it to the left",
            )
