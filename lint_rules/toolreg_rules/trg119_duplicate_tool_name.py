from collections.abc import Iterator, Sequence

from toolreg.lint.api import Hit, Severity, Summary, rule
from toolreg.lint.example import function_tool

_TOOL = function_tool("return text.splitlines()[0]")


@rule(
    "TRG119",
    "duplicate-tool-name",
    Severity.ERROR,
    bad=[
        _TOOL + _TOOL.partition("\n\n")[2].replace("Shorten a text to its first line", "Cut after one line"),
    ],
    good=[
        _TOOL,
    ],
)
def duplicate_tool_name(tools: Sequence[Summary]) -> Iterator[Hit]:
    """Two tools of one name.

    An agent that has both gets only the last, and one publication overwrites the other. Rename one.
    """
    first: dict[str, Summary] = {}
    for tool in tools:
        other = first.setdefault(tool.name, tool)
        if other is not tool:
            yield tool, f"'{tool.name}' is also the name of the tool at {other.path}:{other.place[0]}"
