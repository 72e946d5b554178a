from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import strings


@rule(
    "TRG402",
    "decorator-in-string",
    Severity.INFO,
    bad=[
        function_tool("return text.replace('me@toolbox.org', '')"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    references=["https://github.com/huggingface/smolagents/blob/main/src/smolagents/tools.py"],
    needs=["function"],
)
def decorator_in_string(tool: ToolSource) -> Iterator[Hit]:
    """A string holds "@tool", which stock smolagents would cut out of it.

    `Tool.save` removes these letters wherever they stand: "me@toolbox.org" becomes "mebox.org". `toolreg publish` does
    not; split the string if the tool is also to be saved by smolagents itself.
    """
    found, every = strings(tool)
    for node in found if "@tool" in every and tool.form == "function" else ():
        if "@tool" in str(node.value):
            yield node, "smolagents would save this string without '@tool'"
