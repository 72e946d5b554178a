from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls


@rule(
    "TRG503",
    "input-call",
    Severity.ERROR,
    bad=[function_tool("return input(text)")],
    good=[function_tool("return text.splitlines()[0]")],
    needs=["input", "getpass.getpass"],
)
def input_call(tool: ToolSource) -> Iterator[Hit]:
    """Waits for somebody to type.

    Nobody sits at an agent's tool: `input()` stops it for ever, or takes the answer from whatever the
    process has as standard input. Make what is asked a parameter.
    """
    for call in calls(tool, "input", "getpass.getpass"):
        yield call.node, f"{call.name}() waits for somebody to type; make it a parameter"
