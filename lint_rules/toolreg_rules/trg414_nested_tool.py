from collections.abc import Iterator
from textwrap import indent

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG414",
    "nested-tool",
    Severity.ERROR,
    bad=[
        "def make():\n"
        + indent(function_tool("return text.splitlines()[0]"), "    ")
        + "    return first_line\n",
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def nested_tool(tool: ToolSource) -> Iterator[Hit]:
    """The tool is defined inside a function.

    It may use what that function knows, so it cannot be published on its own. Move it to the top of the file, and
    make what it needs parameters or environment variables.
    """
    if tool.nested:
        yield (
            tool.node,
            "defined inside a function, so it cannot be published; move it to the top of the file",
        )
