from collections.abc import Iterator, Sequence

from toolreg.lint.api import Hit, Severity, Summary, rule
from toolreg.lint.example import function_tool

_TOOL = function_tool("return text.splitlines()[0]")


@rule(
    "TRG216",
    "indistinguishable-tools",
    Severity.WARNING,
    bad=[
        _TOOL
        + _TOOL.partition("\n\n")[2]
        .replace("def first_line", "def top_line")
        .replace("first_line(", "top_line("),
    ],
    good=[
        _TOOL,
    ],
)
def indistinguishable_tools(tools: Sequence[Summary]) -> Iterator[Hit]:
    """Two tools whose summaries a model could not tell apart.

    They hold the same telling words; the model chooses by chance. Say in each what the other does not do.
    """
    first: dict[str, Summary] = {}
    for tool in tools:
        if not tool.described:
            continue
        other = first.setdefault(tool.described, tool)
        if other is not tool and other.name != tool.name:
            yield (
                tool,
                f"a model cannot tell '{tool.name}' from '{other.name}' ({other.path}:{other.place[0]}) by their summaries",
            )
