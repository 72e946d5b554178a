from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool


@rule(
    "TRG114",
    "required-init-argument",
    Severity.ERROR,
    bad=[
        class_tool(more="def __init__(self, limit):\n    super().__init__()\n    self.limit = limit"),
    ],
    good=[
        class_tool(more="def __init__(self):\n    super().__init__()\n    self.limit = 5"),
    ],
    needs=["class"],
)
def required_init_argument(tool: ToolSource) -> Iterator[Hit]:
    """`__init__` takes an argument that has no default.

    smolagents makes the tool with `Class()` when it loads it, so it refuses to save such a class. Give the argument
    a default, or make it a class attribute.
    """
    init = tool.method("__init__") if tool.form == "class" else None
    if init is None:
        return
    a = init.args
    plain = [*a.posonlyargs, *a.args][1:]
    required = plain[: max(len(plain) - len(a.defaults), 0)] + [
        p for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is None
    ]
    for parameter in required:
        yield (
            parameter,
            f"__init__ needs '{parameter.arg}'; a loaded tool is made without arguments. Give it a default",
        )
