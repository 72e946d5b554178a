import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes


@rule(
    "TRG505",
    "swallowed-error",
    Severity.WARNING,
    bad=[
        function_tool("try:\n    return text.splitlines()[0]\nexcept Exception:\n    return ''"),
        function_tool("try:\n    text = text.splitlines()[0]\nexcept:\n    pass\nreturn text"),
    ],
    good=[
        function_tool("try:\n    return text.splitlines()[0]\nexcept IndexError:\n    return ''"),
        function_tool(
            "try:\n    return text.splitlines()[0]\nexcept Exception as error:\n    return f'failed: {error}'"
        ),
    ],
    needs=[ast.ExceptHandler],
)
def swallowed_error(tool: ToolSource) -> Iterator[Hit]:
    """An error is caught and nothing is said.

    The tool then gives an empty answer that looks like a true one, and the agent builds on it. Catch what you
    expect, and say what went wrong; let the rest fly.
    """
    for node in nodes(tool, ast.ExceptHandler):
        if _catches_all(node.type) and _says_nothing(node):
            caught = "every error" if node.type is None else ast.unparse(node.type)
            yield node, f"catches {caught} and says nothing; the agent takes the empty answer for true"


def _catches_all(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))


def _says_nothing(handler: ast.ExceptHandler) -> bool:
    return all(_is_silent(statement) for statement in handler.body)


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Return):
        empty = (isinstance(node.value, ast.Constant) and not node.value.value) or (
            isinstance(node.value, ast.List | ast.Dict) and not ast.unparse(node.value).strip("[]{}")
        )
        return node.value is None or bool(empty)
    return isinstance(node, ast.Pass | ast.Continue | ast.Break) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
