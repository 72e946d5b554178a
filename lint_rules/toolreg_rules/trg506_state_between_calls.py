import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.walk import body, nodes


@rule(
    "TRG506",
    "state-between-calls",
    Severity.WARNING,
    bad=[
        function_tool("global seen\nseen = text\nreturn text.splitlines()[0]", head="seen = ''"),
        class_tool("self.count += 1\nreturn text", more="count = 0"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
    needs=[ast.Global, ast.AugAssign],
)
def state_between_calls(tool: ToolSource) -> Iterator[Hit]:
    """The tool remembers something between calls.

    Each call of a published tool may run in a fresh process: the memory is gone, or it leaks from one task into
    another. Take what is needed as a parameter, and give back what changed.
    """
    for statement in nodes(tool, ast.Global):
        yield (
            statement,
            f"changes the module's {', '.join(statement.names)}, which the next call may not find",
        )
    if tool.form == "class" and tool.call is not None:
        for node in body(tool, ast.AugAssign):
            if isinstance(node.target, ast.Attribute) and ast.unparse(node.target.value) == "self":
                yield node, f"counts on in self.{node.target.attr}, which the next call may not find"
