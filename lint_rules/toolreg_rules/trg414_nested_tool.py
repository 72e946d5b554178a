import ast
from collections.abc import Iterator
from textwrap import indent

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG414",
    "nested-tool",
    Severity.ERROR,
    bad=[
        "def make(limit):\n"
        + indent(function_tool("return text.splitlines()[0][:limit]"), "    ")
        + "    return first_line\n",
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        "def make(limit=80):\n"
        + indent(function_tool("return text.splitlines()[0][:limit]"), "    ")
        + "    return first_line\n",
    ],
)
def nested_tool(tool: ToolSource) -> Iterator[Hit]:
    """The tool is made inside a function, from what only a call of it knows.

    It can be published only where that is known: by a default, or by the one call in the file. Move the tool to the
    top of the file, and make what it needs parameters or environment variables.
    """
    if not tool.nested:
        return
    from toolreg.bundle.lift import CannotLift, lifted

    try:
        raised = lifted(tool)
    except CannotLift as error:
        yield tool.node, f"cannot be published: {error.reason[1]}"
        return
    for node in ast.walk(tool.node):
        if isinstance(node, ast.Name) and node.id in raised.unknown:
            yield (
                node,
                f"uses '{node.id}', which {raised.unknown[node.id]}() is given only when it runs, so it cannot be published",
            )
            return
