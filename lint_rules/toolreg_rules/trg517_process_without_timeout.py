from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls
from toolreg_rules._edits import add_keyword

_WAITING = ("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output")


@rule(
    "TRG517",
    "process-without-timeout",
    Severity.WARNING,
    bad=[
        function_tool(
            "import subprocess\nreturn subprocess.run(['wc', path], capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: wc\nread: {path}",
        ),
    ],
    good=[
        function_tool(
            "import subprocess\nreturn subprocess.run(['wc', path], timeout=5, capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: wc\nread: {path}",
        ),
    ],
    fix="unsafe",
    needs=_WAITING,
)
def process_without_timeout(tool: ToolSource) -> Iterator[Hit]:
    """A program is started and waited for without end.

    A program that asks for a password, or hangs, stops the agent for good. Give `timeout=` in seconds.
    """
    for call in calls(tool, *_WAITING):
        if not call.gives("timeout"):
            yield (
                call.node,
                f"{call.name} may wait for ever; pass timeout=",
                add_keyword(tool, call.node, "timeout=60"),
            )
