import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, ids, nodes


@rule(
    "TRG408",
    "unpublished-file",
    Severity.WARNING,
    bad=[
        function_tool("import os\nreturn os.path.dirname(__file__) + text"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def unpublished_file(tool: ToolSource) -> Iterator[Hit]:
    """The tool reads files that lie beside it.

    Only the code is published: `__file__` and package data point to nothing where the tool is loaded. Put the data
    into the code, or take a path as a parameter.
    """
    for node in nodes(tool, ast.Name) if "__file__" in ids(tool) else ():
        if node.id == "__file__":
            yield node, "__file__ points to nothing where the tool is loaded; only its code is published"
    for call in calls(tool, "importlib.resources.*", "pkgutil.get_data", "pkg_resources.*"):
        yield call.node, f"{call.name} finds nothing where the tool is loaded; only its code is published"
