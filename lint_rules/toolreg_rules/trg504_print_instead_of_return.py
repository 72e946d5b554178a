from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls


@rule(
    "TRG504",
    "print-instead-of-return",
    Severity.WARNING,
    bad=[
        function_tool("print(text)\nreturn text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=["print"],
)
def print_instead_of_return(tool: ToolSource) -> Iterator[Hit]:
    """The tool prints.

    An agent gets what a tool returns; what it prints goes to a log that the model may never see, or into a protocol
    that runs over standard output. Return it, or leave it out.
    """
    for call in calls(tool, "print"):
        if not call.gives("file"):
            yield call.node, "print() does not reach the model; return the text"
