import ast
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes


@rule(
    "TRG406",
    "star-import",
    Severity.WARNING,
    bad=[
        "from math import *\n" + function_tool("return text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def star_import(module: Module) -> Iterator[Hit]:
    """`from … import *`: nobody can tell what the tool uses.

    Neither smolagents nor toolreg can see which names come from where, so neither can publish them surely. Name what
    is imported.
    """
    for node in nodes(module, ast.ImportFrom):
        if any(alias.name == "*" for alias in node.names) and node.module != "smolagents":
            yield node, f"name what is imported from {'.' * node.level}{node.module or ''}"
