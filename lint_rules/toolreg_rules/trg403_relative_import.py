import ast
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes


@rule(
    "TRG403",
    "relative-import",
    Severity.INFO,
    bad=[
        function_tool("from . import limits\nreturn text[: limits.LIMIT]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def relative_import(module: Module) -> Iterator[Hit]:
    """A relative import: stock smolagents cannot save the tool.

    What `from .helpers import …` names stays at home. `toolreg publish` takes the code along; smolagents itself
    publishes a tool that does not load.
    """
    for node in nodes(module, ast.ImportFrom):
        if node.level and node.module != "tools":
            yield node, f"'{ast.unparse(node)[:60]}' means nothing where smolagents would save the tool"
