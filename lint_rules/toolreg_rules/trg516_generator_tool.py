import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import body, names_of


@rule(
    "TRG516",
    "generator-tool",
    Severity.ERROR,
    bad=[
        function_tool("yield text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=[ast.Yield, ast.YieldFrom, ast.Return],
)
def generator_tool(tool: ToolSource) -> Iterator[Hit]:
    """The tool yields, so its caller gets a generator.

    An agent cannot read it, and it cannot leave the sandbox. Collect the items and return a list.
    """
    for node in (*body(tool, ast.Yield), *body(tool, ast.YieldFrom))[:1]:
        yield node, "yields, so the agent gets a generator; return a list"
    for statement in body(tool, ast.Return):
        if isinstance(statement.value, ast.GeneratorExp) or _is_lazy(tool, statement.value):
            yield statement, "returns an iterator, which the agent cannot read; return a list"


def _is_lazy(tool: ToolSource, node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and names_of(tool).dotted(node.func) in _LAZY


_LAZY = frozenset(
    {"map", "filter", "zip", "iter", "reversed", "enumerate", "itertools.chain", "itertools.islice"}
)
