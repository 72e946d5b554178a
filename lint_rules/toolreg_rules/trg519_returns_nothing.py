import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import body
from toolreg_rules._signature import is_none, is_optional


@rule(
    "TRG519",
    "returns-nothing",
    Severity.WARNING,
    bad=[
        function_tool("text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def returns_nothing(tool: ToolSource) -> Iterator[Hit]:
    """The tool is said to give something, and returns nothing.

    The agent gets None whatever happens. Return what was found or done, in words if need be.
    """
    call = tool.call
    if call is None or (isinstance(call.returns, ast.Constant) and call.returns.value is None):
        return
    output = tool.attribute("output_type") if tool.form == "class" else None
    promised = call.returns is not None or (
        isinstance(output, ast.Constant) and output.value not in ("null", "any")
    )
    statements = [s for s in call.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    returns = body(tool, ast.Return)
    if (
        promised
        and statements
        and not any(not is_none(r.value) and r.value is not None for r in returns)
        and not any(body(tool, kind) for kind in (ast.Raise, ast.Yield, ast.YieldFrom))
        and not (returns and call.returns is not None and is_optional(call.returns))
    ):
        yield call, "returns nothing, though its type says otherwise"
