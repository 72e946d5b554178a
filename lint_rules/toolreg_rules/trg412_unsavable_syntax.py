import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import body

_KINDS: dict[type[ast.expr | ast.stmt], str] = {
    ast.Lambda: "a lambda",
    ast.FunctionDef: "a nested function",
    ast.AsyncFunctionDef: "a nested function",
    ast.GeneratorExp: "a generator expression",
    ast.NamedExpr: "':='",
    ast.Match: "a match statement",
}


@rule(
    "TRG412",
    "unsavable-syntax",
    Severity.INFO,
    bad=[
        function_tool("return max(text.splitlines(), key=lambda line: len(line))"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    references=["https://github.com/huggingface/smolagents/issues/2812"],
)
def unsavable_syntax(tool: ToolSource) -> Iterator[Hit]:
    """Right code that stock smolagents refuses to save.

    Its check loses sight of names in lambdas, nested functions, generator expressions and `:=`, and takes them for
    undefined. `toolreg publish` takes them; write a list comprehension or a loop if smolagents itself is to save
    the tool.
    """
    if tool.call is None:
        return
    found: list[tuple[ast.expr | ast.stmt, str]] = [
        (node, what) for kind, what in _KINDS.items() for node in body(tool, kind) if node is not tool.call
    ]
    found += [
        (loop.target, "a loop over nested pairs") for loop in body(tool, ast.For) if _is_nested(loop.target)
    ]
    found += [
        (assigned.targets[0], "a nested or starred target")
        for assigned in body(tool, ast.Assign)
        if any(_is_nested(t) or _is_starred(t) for t in assigned.targets)
    ]
    found += [
        (item.optional_vars, "'with … as (a, b)'")
        for item in body(tool, ast.withitem)
        if isinstance(item.optional_vars, ast.Tuple | ast.List)
    ]
    for node, what in sorted(found, key=lambda pair: pair[0].lineno)[:1]:
        yield node, f"smolagents' check may refuse {what} here"


def _is_starred(target: ast.expr) -> bool:
    return isinstance(target, ast.Tuple | ast.List) and any(isinstance(t, ast.Starred) for t in target.elts)


def _is_nested(target: ast.expr) -> bool:
    """`a, (b, c)`: names inside are not seen."""
    return isinstance(target, ast.Tuple) and any(
        isinstance(part, ast.Tuple | ast.List) for part in target.elts
    )
