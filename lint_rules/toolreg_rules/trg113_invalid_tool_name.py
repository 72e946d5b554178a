import ast
import builtins
import keyword
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._values import meant

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
    place, name = _named(tool)
    if not isinstance(name, str):
        return
    if not name.isidentifier() or keyword.iskeyword(name):
        yield place, f"'{name}' is no name that an agent can call; use letters, digits and underscores"
    elif name in _TAKEN:
        yield place, f"'{name}' is already the name of {_TAKEN[name]}, which the tool would replace"


def _named(tool: ToolSource) -> tuple[ast.AST, object]:
    """Where the name stands, and its value; None where it is computed."""
    if tool.form == "function":
        return tool.node, tool.name
    place = tool.attribute("name")
    value = meant(tool, place)
    return place or tool.node, value.value if isinstance(value, ast.Constant) else None
