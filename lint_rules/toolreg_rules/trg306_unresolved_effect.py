from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.infer import infer
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of, where


@rule(
    "TRG306",
    "unresolved-effect",
    Severity.ERROR,
    bad=[
        function_tool("return str(text())", signature="text: object"),
    ],
    good=[
        function_tool("import os\nreturn os.path.basename(text)"),
    ],
    needs=["Side effects:"],
)
def unresolved_effect(tool: ToolSource) -> Iterator[Hit]:
    """Code whose effects cannot be read: an effect may hide here.

    Computed attributes and imports, callables that come from outside, libraries that toolreg does not know. What
    cannot be seen is never guessed: write it plainly, or declare an effect that covers what it may do.
    """
    declared = declared_of(tool)
    if declared is None:
        return
    for unresolved in infer(tool).unsettled(declared):
        kind = f" ({unresolved.kind})" if unresolved.kind else ""
        yield (
            where(tool, unresolved.path, unresolved.line),
            f"an effect{kind} may hide here: {unresolved.reason}",
        )
