import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._signature import head_of, parts_of


@rule(
    "TRG103",
    "unschemable-type",
    Severity.ERROR,
    bad=[
        function_tool("return str(len(text))", signature="text: set[str]"),
        function_tool("return str(sum(text))", signature="text: tuple[float, ...]"),
        function_tool(
            "return str(text)",
            signature="text: Callable[[], str]",
            head="from collections.abc import Callable",
        ),
    ],
    good=[
        function_tool("return str(len(text))", signature="text: list[str]"),
        function_tool("return str(text[0])", signature="text: tuple[int, int]"),
    ],
    references=[
        "https://github.com/huggingface/smolagents/blob/main/src/smolagents/_function_type_hints_utils.py"
    ],
    needs=["function"],
)
def unschemable_type(tool: ToolSource) -> Iterator[Hit]:
    """A type hint that cannot become JSON Schema: smolagents refuses the tool.

    `set`, `frozenset`, `bytes`-like and callable types have no JSON form, and smolagents refuses a `tuple` with one
    or with endless members. Take a `list`, a `str`, or a `dict`, and convert inside the tool.
    """
    if tool.form == "class":
        return
    for parameter in tool.parameters:
        for part in parts_of(parameter.annotation) if parameter.annotation is not None else ():
            problem = _problem(part)
            if problem:
                yield parameter, f"parameter '{parameter.arg}': {problem}"


_NO_JSON = frozenset(
    {
        "set",
        "frozenset",
        "Set",
        "FrozenSet",
        "AbstractSet",
        "Callable",
        "Iterator",
        "Iterable",
        "Generator",
        "Type",
        "type",
    }
)


def _problem(part: ast.expr) -> str:
    name = head_of(part)
    if name in _NO_JSON and (isinstance(part, ast.Subscript) or name in ("set", "frozenset", "Callable")):
        return f"'{name}' has no JSON form; smolagents refuses it. Use a list, or another plain type"
    if name in ("tuple", "Tuple") and isinstance(part, ast.Subscript):
        members = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
        endless = any(isinstance(m, ast.Constant) and m.value is ... for m in members)
        if endless or len(members) < 2:
            return f"'{ast.unparse(part)}' is a tuple that smolagents refuses. Use list[...]"
    return ""
