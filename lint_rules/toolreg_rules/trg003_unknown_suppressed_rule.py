from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG003",
    "unknown-suppressed-rule",
    Severity.WARNING,
    bad=[function_tool("return text.splitlines()[0]  # toolreg: ignore[TRG9999] no such rule")],
    good=[
        function_tool(
            "return input(text)  # toolreg: ignore[TRG503] this agent has a console and somebody at it"
        )
    ],
)
def unknown_suppressed_rule(_module: Module) -> Iterator[Hit]:
    """A suppression of a rule that does not exist.

    A slip in the code, or a rule of a pack that is not loaded. `toolreg rule --all` lists what there is.
    """
    yield from ()  # reported by the engine under this code
