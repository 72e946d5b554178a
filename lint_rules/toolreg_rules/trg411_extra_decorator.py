import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG411",
    "extra-decorator",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", above="@tool\n@functools.cache").replace(
            "import tool", "import tool\nimport functools"
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    references=["https://github.com/huggingface/smolagents/issues/1626"],
    needs=["function"],
)
def extra_decorator(tool: ToolSource) -> Iterator[Hit]:
    """A decorator beside `@tool`.

    smolagents drops it when it saves the tool: what it did is gone, without a word. One above `@tool` gets a Tool where
    it expects a function, and cannot be published. Do its work inside the function.
    """
    if tool.form == "class" or len(tool.node.decorator_list) < 2:
        return
    names = [ast.unparse(d) for d in tool.node.decorator_list]
    ours = next((n for n, text in enumerate(names) if text.split("(")[0].split(".")[-1] == "tool"), 0)
    for n, node in enumerate(tool.node.decorator_list):
        if n < ours:
            yield node, f"'@{names[n]}' stands above @tool and gets a Tool instead of a function"
        elif n > ours:
            yield node, f"smolagents drops '@{names[n]}' when it saves the tool"
