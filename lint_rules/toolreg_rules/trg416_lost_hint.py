import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.judge import place_of
from toolreg.lint.walk import names_of
from toolreg_rules._signature import default_of

_TYPING = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Union": "",
    "Literal": "",
    "Annotated": "",
}


@rule(
    "TRG416",
    "lost-hint",
    Severity.INFO,
    bad=[
        function_tool("return text[0]", signature="text: List[str]").replace(
            "import tool", "import tool\nfrom typing import List"
        ),
        function_tool("return text[:10]", signature='text: str, limit: float = float("inf")'),
    ],
    good=[
        function_tool("return text[0]", signature="text: list[str]"),
    ],
    fix="safe",
    needs=["function"],
)
def lost_hint(tool: ToolSource) -> Iterator[Hit]:
    """A type or a default is lost when stock smolagents saves the tool.

    It writes the signature anew and imports only `Any` and `Optional`: `List[int]`, `Literal["a"]` and `Union[...]`
    raise a NameError when the tool is loaded, and so does a computed default such as `float("inf")`. Use `list[int]`
    and `int | str`. `toolreg publish` keeps the imports.
    """
    if tool.form == "class" or tool.call is None:
        return
    for parameter in tool.parameters:
        if parameter.annotation is not None:
            before = f"smolagents would save '{parameter.arg}: "
            yield from _lost(tool, parameter.annotation, before, "' and not load it again")
    if tool.call.returns is not None:
        yield from _lost(tool, tool.call.returns, "smolagents refuses to save '-> ", "'")
    for name, default in default_of(tool).items():
        if not _is_written_out(default):
            text = ast.unparse(default)
            yield (
                default,
                f"smolagents would save '{name}={text}' as what it prints, which may not load again",
            )


def _lost(tool: ToolSource, hint: ast.expr, before: str, after: str) -> Iterator[Hit]:
    for node in ast.walk(hint) if not isinstance(hint, ast.Name) else (hint,):
        name = _typing_name(tool, node)
        if name in _TYPING:
            new, message = _TYPING[name], f"{before}{ast.unparse(hint)}{after}"
            yield node, message, Fix(f"Write {new}", (Edit(place_of(node), new),), safe=True) if new else None


def _typing_name(tool: ToolSource, node: ast.AST) -> str:
    """`List`, and `typing.List` by whatever name the module has."""
    if isinstance(node, ast.Name):
        return node.id
    dotted = names_of(tool).dotted(node) if isinstance(node, ast.Attribute) else ""
    return dotted.removeprefix("typing.") if dotted.startswith("typing.") else ""


def _is_written_out(node: ast.expr) -> bool:
    """A literal, whose `repr` is its source."""
    if isinstance(node, ast.Constant):
        return True
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return True
