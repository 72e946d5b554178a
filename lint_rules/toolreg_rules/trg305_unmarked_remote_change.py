from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
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
    "TRG305",
    "unmarked-remote-change",
    Severity.ERROR,
    bad=[
        function_tool(
            "return requests.post('https://api.example.com/notes', json=text, timeout=5).text[:500]",
            head="import requests",
            effects="net: api.example.com",
        ),
    ],
    good=[
        function_tool(
            "return requests.post('https://api.example.com/notes', json=text, timeout=5).text[:500]",
            head="import requests",
            effects="net: api.example.com (writes)",
        ),
    ],
    fix="unsafe",
    needs=["Side effects:"],
)
def unmarked_remote_change(tool: ToolSource) -> Iterator[Hit]:
    """Something remote is changed, and the declaration only says that it is read.

    POST, PUT and PATCH change what is there, DELETE removes it. Write `net: host (writes)` or `(deletes)`, so that
    a user is asked before it happens.
    """
    declared = declared_of(tool)
    if declared is None:
        return
    for evidence in undeclared_of(tool):
        if remote_change_only(evidence, declared) and not at_import(evidence):
            place = where(tool, evidence.path, evidence.line)
            yield (
                place,
                f"'{evidence.effect.target}' is changed here{way(evidence)}; declare 'net: {evidence.effect.target} ({evidence.effect.qualifier})'",
                declaration(tool, declared, evidence.effect),
            )
