import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, ids, nodes
from toolreg_rules._values import top_level


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
    outside = _from_file(tool) if "__file__" in tool.module.text else frozenset()
    for node in nodes(tool, ast.Name) if outside else ():
        if node.id in outside:
            why = "" if node.id == "__file__" else " (made from __file__)"
            yield (
                node,
                f"{node.id}{why} points to nothing where the tool is loaded; only its code is published",
            )
    for call in calls(tool, "importlib.resources.*", "pkgutil.get_data", "pkg_resources.*", *_SOURCES):
        yield call.node, f"{call.name} finds nothing where the tool is loaded; only its code is published"


_SOURCES = ("inspect.getfile", "inspect.getsourcefile", "inspect.getabsfile")


def _from_file(tool: ToolSource) -> frozenset[str]:
    """`__file__`, and constants of the file that are made from it."""
    made = {"__file__"}
    for name, value in top_level(tool.module).items():
        if any(isinstance(n, ast.Name) and n.id in made for n in ast.walk(value)):
            made.add(name)
    return frozenset(made & ids(tool))
