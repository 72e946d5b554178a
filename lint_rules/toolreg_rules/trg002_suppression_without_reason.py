from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG002",
    "suppression-without-reason",
    Severity.ERROR,
    bad=[function_tool("return text.splitlines()[0]  # toolreg: ignore[TRG503]")],
    good=[
        function_tool(
            "return input(text)  # toolreg: ignore[TRG503] this agent has a console and somebody at it"
        )
    ],
)
def suppression_without_reason(_module: Module) -> Iterator[Hit]:
    """A suppression that names no rule or gives no reason; it hides nothing.

    Suppressed findings are published with the tool, reason and all. Write
    `# toolreg: ignore[CODE] why this is right here`.
    """
    yield from ()  # reported by the engine under this code
