import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import functions, nodes, strings


@rule(
    "TRG415",
    "indented-string",
    Severity.INFO,
    bad=[
        function_tool("return text + '''one\ntwo'''"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def indented_string(tool: ToolSource) -> Iterator[Hit]:
    """A string of several lines gains spaces when stock smolagents saves the tool.

    It indents the source by text, strings included. `toolreg publish` does not; join lines with `\\n` if smolagents
    itself is to save the tool.
    """
    found, every = strings(tool)
    for node in found if "\n" in every else ():
        if (
            "\n" in str(node.value)
            and (node.end_lineno or 0) > node.lineno
            and _written_whole(tool, node)
            and node not in _docs(tool)
        ):
            yield node, "smolagents would save this string with more spaces at each line"


def _docs(tool: ToolSource) -> list[ast.expr]:
    owners = [*functions(tool), *nodes(tool, ast.ClassDef)]
    found = [s.value for o in owners for s in o.body[:1] if isinstance(s, ast.Expr)]
    attributes = [
        m.value
        for m in (tool.node.body if isinstance(tool.node, ast.ClassDef) else [])
        if isinstance(m, ast.Assign)
    ]
    return found + [n for a in attributes for n in ast.walk(a) if isinstance(n, ast.expr)]


def _written_whole(tool: ToolSource, node: ast.Constant) -> bool:
    """One literal over several lines, not several joined in brackets."""
    line = tool.module.lines[node.lineno - 1]
    # Since Python 3.12 the text of a formatted string begins after its quotes.
    before, first = line[: node.col_offset][-3:], line[node.col_offset :][:6]
    return any(quotes == before or quotes in first for quotes in ('"""', "'''"))
