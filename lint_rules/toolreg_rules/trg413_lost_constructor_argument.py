from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool


@rule(
    "TRG413",
    "lost-constructor-argument",
    Severity.INFO,
    bad=[
        class_tool(more="def __init__(self, limit=5):\n    super().__init__()\n    self.limit = limit"),
    ],
    good=[
        class_tool(more="limit = 5"),
    ],
    references=["https://github.com/huggingface/smolagents/issues/1886"],
    needs=["class"],
)
def lost_constructor_argument(tool: ToolSource) -> Iterator[Hit]:
    """Constructor arguments are lost when stock smolagents saves the tool.

    A tool that was made as `Scale(factor=7)` is loaded as `Scale()`. `toolreg publish` takes literal arguments along;
    make it a class attribute if smolagents itself is to save the tool.
    """
    init = tool.method("__init__") if tool.form == "class" else None
    if init is None:
        return
    defaults = len(init.args.defaults)
    for parameter in (init.args.args[-defaults:] if defaults else []) + [
        p for p, d in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True) if d is not None
    ]:
        yield parameter, f"smolagents would forget '{parameter.arg}' when it saves the tool"
