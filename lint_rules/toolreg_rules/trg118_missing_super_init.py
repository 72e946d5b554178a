import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Place, Severity, rule
from toolreg.lint.example import class_tool


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
    edit = Edit(
        Place(first.lineno, first.col_offset, first.lineno, first.col_offset),
        f"super().__init__()\n{' ' * first.col_offset}",
    )
    yield (
        init,
        "__init__ does not call super().__init__(); the first call of the tool will fail",
        Fix("Call it first", (edit,), safe=True),
    )
