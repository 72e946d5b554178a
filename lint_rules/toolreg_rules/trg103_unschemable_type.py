import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._hints import every_part, hints_of, returns_of
from toolreg_rules._signature import JSON_TYPES, WRAPPERS, head_of


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

    Sets, iterators, callables and other generic types have no JSON form, and smolagents refuses a `tuple` with one
    or with endless members; inside a list or a dict, and as the result, too. Take a `list`, a `str`, or a `dict`, and
    convert inside the tool.
    """
    if tool.form == "class":
        return
    for parameter in tool.parameters:
        problem = _problem_in(hints_of(tool).get(parameter.arg))
        if problem:
            yield parameter, f"parameter '{parameter.arg}': {problem}"
    problem = _problem_in(returns_of(tool))
    if problem and tool.call is not None and tool.call.returns is not None:
        yield tool.call.returns, f"the result: {problem}"


def _problem_in(hint: ast.expr | None) -> str:
    return (
        next((problem for part in every_part(hint) if (problem := _problem(part))), "")
        if hint is not None
        else ""
    )


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
        "Sequence",
        "Mapping",
        "Type",
        "type",
    }
)


def _problem(part: ast.expr) -> str:
    name = head_of(part)
    if isinstance(part, ast.Subscript) and name not in JSON_TYPES and name not in WRAPPERS:
        return f"'{name}' has no JSON form; smolagents refuses it. Use a list, or another plain type"
    if name in _NO_JSON:
        return f"'{name}' has no JSON form. Use a list, or another plain type"
    if name in ("tuple", "Tuple") and isinstance(part, ast.Subscript):
        members = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
        endless = any(isinstance(m, ast.Constant) and m.value is ... for m in members)
        if endless or len(members) < 2:
            return f"'{ast.unparse(part)}' is a tuple that smolagents refuses. Use list[...]"
    return ""
