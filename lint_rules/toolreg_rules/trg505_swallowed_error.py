import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, nodes


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
    needs=[ast.ExceptHandler, ast.Try, ast.TryStar, "contextlib.suppress"],
)
def swallowed_error(tool: ToolSource) -> Iterator[Hit]:
    """An error is caught and nothing is said.

    The tool then gives an empty answer that looks like a true one, and the agent builds on it. Catch what you
    expect, and say what went wrong; let the rest fly.
    """
    for node in nodes(tool, ast.ExceptHandler):
        if _catches_all(node.type) and _says_nothing(node) and not _is_retry(tool, node):
            caught = "every error" if node.type is None else ast.unparse(node.type)
            yield node, f"catches {caught} and says nothing; the agent takes the empty answer for true"
    for call in calls(tool, "contextlib.suppress"):
        if any(_catches_all(kind) for kind in call.node.args):
            yield (
                call.node,
                "suppresses every error and says nothing; the agent takes the empty answer for true",
            )
    attempts: list[ast.Try | ast.TryStar] = [*nodes(tool, ast.Try), *nodes(tool, ast.TryStar)]
    for attempt in attempts:
        for last in attempt.finalbody:
            if isinstance(last, ast.Return):
                yield last, "return in finally hides every error, the tool's own included"


_ALL = ("Exception", "BaseException")


def _catches_all(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_catches_all(member) for member in kind.elts)
    if isinstance(kind, ast.Attribute):
        return kind.attr in _ALL and ast.unparse(kind.value) == "builtins"
    return kind is None or (isinstance(kind, ast.Name) and kind.id in _ALL)


def _says_nothing(handler: ast.ExceptHandler) -> bool:
    """Nothing reaches the agent: a log or the console does not."""
    *before, last = handler.body
    if isinstance(last, ast.Return):
        before = [s for s in before if not _is_logged(s)]
    return all(_is_silent(statement) for statement in (*before, last))


def _is_logged(node: ast.stmt) -> bool:
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    text = ast.unparse(called) if called is not None else ""
    return text == "print" or any(part.lower().strip("_") in _LOGS for part in text.split(".")[:-1])


_LOGS = frozenset({"logger", "logging", "log", "traceback", "warnings", "console", "sys.stderr"})


def _is_retry(tool: ToolSource, handler: ast.ExceptHandler) -> bool:
    """A loop that tries again, in a function that raises once the loop has ended."""
    if not isinstance(handler.body[-1], ast.Continue | ast.Pass):
        return False
    parents = tool.module.walk.parents
    node: ast.AST | None = handler
    while node is not None and not isinstance(node, ast.For | ast.While | ast.AsyncFor):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        node = parents.get(node)
    end = (node.end_lineno or 0) if node is not None else 0
    return any(r.lineno > end for r in nodes(tool, ast.Raise)) if end else False


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Return):
        return node.value is None or _is_empty(node.value)
    return isinstance(node, ast.Pass | ast.Continue | ast.Break) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _is_empty(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return not value
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]) | ast.JoinedStr(values=[]):
            return True
        case ast.Call(func=ast.Name(id="list" | "dict" | "set" | "tuple" | "str"), args=[], keywords=[]):
            return True
    return False
