import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool

_IN_WORD = re.compile(r"[\w\"']")


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
    return any(_stands_in(code, name) for name in names if name)


def _stands_in(code: str, name: str) -> bool:
    """By hand: compiling a pattern for each name takes longer than most rules."""
    at = code.find(name)
    while at >= 0:
        before, after = code[at - 1 : at], code[at + len(name) : at + len(name) + 1]
        if not _IN_WORD.match(before) and before != "." and not _IN_WORD.match(after):
            return True
        at = code.find(name, at + 1)
    return False
