import ast
import builtins
import keyword
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool

_TAKEN = {name: "a builtin" for name in dir(builtins) if name.islower()} | {
    "final_answer": "the call that ends an agent's run"
}


@rule(
    "TRG113",
    "invalid-tool-name",
    Severity.ERROR,
    bad=[
        class_tool(name='"first-word"'),
        function_tool("return text.splitlines()[0]", name="len", examples=">>> len('one')\n'3'"),
    ],
    good=[
        class_tool(),
        function_tool("return text.splitlines()[0]"),
    ],
)
def invalid_tool_name(tool: ToolSource) -> Iterator[Hit]:
    """A name that a model cannot call, or that hides another.

    Agents write Python: a tool's name must be an identifier, no keyword, and not that of a builtin or of smolagents'
    own `final_answer`, which it would replace.
    """
    place = tool.attribute("name") if tool.form == "class" else None
    if isinstance(place, ast.Constant) and not isinstance(place.value, str):
        return
    if tool.form == "class" and not isinstance(place, ast.Constant):
        return
    if not tool.name.isidentifier() or keyword.iskeyword(tool.name):
        yield (
            place or tool.node,
            f"'{tool.name}' is no name that an agent can call; use letters, digits and underscores",
        )
    elif tool.name in _TAKEN:
        yield (
            place or tool.node,
            f"'{tool.name}' is already the name of {_TAKEN[tool.name]}, which the tool would replace",
        )
