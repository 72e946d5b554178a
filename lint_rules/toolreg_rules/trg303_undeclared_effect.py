from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._effects import (
    at_import,
    declaration,
    declared_of,
    remote_change_only,
    undeclared_of,
    way,
    where,
)


@rule(
    "TRG303",
    "undeclared-effect",
    Severity.ERROR,
    bad=[
        function_tool("return text + open('/etc/passwd').readline()"),
        function_tool(
            "return requests.get(url, timeout=5).text[:500]", signature="url: str", head="import requests"
        ),
        class_tool(
            "return self.first(text)",
            more="def first(self, path):\n    with open(path) as file:\n        return file.readline()",
        ),
    ],
    good=[
        function_tool(
            "with open(path) as file:\n    return file.readline()",
            signature="path: str",
            effects="read: {path}",
        ),
        function_tool("return text.splitlines()[0]"),
    ],
    fix="unsafe",
    needs=["Side effects:"],
)
def undeclared_effect(tool: ToolSource) -> Iterator[Hit]:
    """Code that can do something to the world which `Side effects:` does not promise.

    The sandbox grants what is declared and nothing else: undeclared, it fails there, or does what nobody was told.
    Declare it, as narrowly as the code allows, or take it out.
    """
    declared = declared_of(tool)
    if declared is None:
        return
    for evidence in undeclared_of(tool):
        if (
            evidence.effect.kind != "env"
            and not at_import(evidence)
            and not remote_change_only(evidence, declared)
        ):
            place = where(tool, evidence.path, evidence.line)
            yield (
                place,
                f"'{evidence.effect}' is not declared in Side effects{way(evidence)}",
                declaration(tool, declared, evidence.effect),
            )
