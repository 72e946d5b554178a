from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG001",
    "unused-suppression",
    Severity.WARNING,
    bad=[function_tool("return text.splitlines()[0]  # toolreg: ignore[TRG503] asks nobody")],
    good=[
        function_tool(
            "return input(text)  # toolreg: ignore[TRG503] this agent has a console and somebody at it"
        )
    ],
    fix="safe",
)
def unused_suppression(_module: Module) -> Iterator[Hit]:
    """A suppression that hides nothing.

    What it once hid was mended or has moved. Left behind, it would hide the next fault at this place
    unseen. Remove it.
    """
    yield from ()  # the engine knows which suppressions were used and reports them under this code
