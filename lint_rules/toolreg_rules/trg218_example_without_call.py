from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool


@rule(
    "TRG218",
    "example-without-call",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", examples=">>> 1 + 1\n2"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
    needs=["Examples:"],
)
def example_without_call(tool: ToolSource) -> Iterator[Hit]:
    """No example calls the tool.

    What the sandbox runs then shows nothing of the tool, and the model sees no call to copy.
    """
    section = tool.docstring.section("Examples")
    names = {tool.name, tool.node.name}
    if section is not None and ">>>" in section.text and not any(name in section.text for name in names):
        yield section, f"no example calls '{tool.name}'"
