from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.infer import infer
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import at_import, declared_of, first_of_each


@rule(
    "TRG407",
    "effect-at-import",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", above="READY = open('ready.txt').readline()\n\n\n@tool"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=["Side effects:"],
)
def effect_at_import(tool: ToolSource) -> Iterator[Hit]:
    """Something happens to the world when the file is only imported.

    Loading a tool must not reach out: nobody has called it yet, and nothing has been granted. Move it into the tool.
    Reading an environment variable counts too.
    """
    declared = declared_of(tool)
    if declared is None:
        return
    for evidence in first_of_each(tuple(e for e in infer(tool).evidence if at_import(e))):
        if evidence.path == tool.path:
            yield (
                evidence.line,
                f"'{evidence.effect}' happens when the file is imported; move it into the tool",
            )
