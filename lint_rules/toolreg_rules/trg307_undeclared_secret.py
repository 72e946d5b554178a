from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import at_import, declaration, declared_of, undeclared_of, way, where


@rule(
    "TRG307",
    "undeclared-secret",
    Severity.ERROR,
    bad=[
        function_tool("import os\nreturn os.environ['PREFIX_TOKEN'] + text"),
    ],
    good=[
        function_tool("import os\nreturn os.environ['PREFIX_TOKEN'] + text", effects="env: PREFIX_TOKEN"),
    ],
    fix="unsafe",
    needs=["Side effects:"],
)
def undeclared_secret(tool: ToolSource) -> Iterator[Hit]:
    """An environment variable is read that `Side effects:` does not name.

    Variables hold keys and tokens, so a tool gets only those it names: write `env: NAME`. Undeclared, it is unset
    in the sandbox.
    """
    declared = declared_of(tool)
    if declared is None:
        return
    for evidence in undeclared_of(tool):
        if evidence.effect.kind == "env" and not at_import(evidence):
            place = where(tool, evidence.path, evidence.line)
            yield (
                place,
                f"environment variable '{evidence.effect.target}' is read{way(evidence)}; declare 'env: {evidence.effect.target}'",
                declaration(tool, declared, evidence.effect),
            )
