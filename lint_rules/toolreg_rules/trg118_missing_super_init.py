import ast
from collections.abc import Iterator

from toolreg.contract.source import Function, ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Place, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._draft import indent_of, newline_of


@rule(
    "TRG118",
    "missing-super-init",
    Severity.ERROR,
    bad=[
        class_tool(more="def __init__(self):\n    self.limit = 5"),
    ],
    good=[
        class_tool(more="def __init__(self):\n    super().__init__()\n    self.limit = 5"),
    ],
    fix="safe",
    needs=["class"],
)
def missing_super_init(tool: ToolSource) -> Iterator[Hit]:
    """`__init__` does not call `super().__init__()`.

    smolagents sets up the tool there; without it the first call fails with an AttributeError on `is_initialized`.
    """
    init = tool.method("__init__") if tool.form == "class" else None
    if init is None or any(
        isinstance(n, ast.Attribute) and n.attr in ("__init__", "is_initialized") for n in ast.walk(init)
    ):
        return
    first = next(
        (s for s in init.body if not isinstance(s, ast.Expr) or not isinstance(s.value, ast.Constant)),
        init.body[-1],
    )
    fix = Fix("Call it first", (_before(tool, init, first),), safe=True)
    yield init, "__init__ does not call super().__init__(); the first call of the tool will fail", fix


def _before(tool: ToolSource, init: Function, first: ast.stmt) -> Edit:
    """The call in front of the first statement; behind the docstring where there is nothing else."""
    if first.lineno == init.lineno:
        return Edit(
            Place(first.lineno, first.col_offset, first.lineno, first.col_offset), "super().__init__(); "
        )
    newline, indent = newline_of(tool), indent_of(tool, first)
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        end = Place(
            first.end_lineno or 0, first.end_col_offset or 0, first.end_lineno or 0, first.end_col_offset or 0
        )
        return Edit(end, f"{newline}{indent}super().__init__()")
    return Edit(
        Place(first.lineno, first.col_offset, first.lineno, first.col_offset),
        f"super().__init__(){newline}{indent}",
    )
