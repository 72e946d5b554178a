import re
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
    if section is not None and ">>>" in section.text and not _calls(section.text, names):
        yield section, f"no example calls '{tool.name}'"


def _calls(text: str, names: set[str]) -> bool:
    """A name stands in a line of code, and not as a text."""
    code = "\n".join(line for line in text.split("\n") if line.lstrip().startswith((">>>", "...")))
    return any(re.search(rf"(?<![\w.\"']){re.escape(name)}(?![\w\"'])", code) for name in names)
