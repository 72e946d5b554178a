import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.judge import place_of

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
    ],
    good=[
        function_tool("return text[0]", signature="text: list[str]"),
    ],
    fix="safe",
)
def lost_hint(tool: ToolSource) -> Iterator[Hit]:
    """A parameter's type is lost when stock smolagents saves the tool.

    It writes the signature anew and imports only `Any` and `Optional`: `List[int]`, `Literal["a"]` and `Union[...]`
    raise a NameError when the tool is loaded. Use `list[int]` and `int | str`. `toolreg publish` keeps the imports.
    """
    for parameter in tool.parameters if tool.form == "function" else ():
        if parameter.annotation is None:
            continue
        for node in ast.walk(parameter.annotation):
            if isinstance(node, ast.Name) and node.id in _TYPING:
                new = _TYPING[node.id]
                fix = Fix(f"Write {new}", (Edit(place_of(node), new),), safe=True) if new else None
                yield (
                    node,
                    f"smolagents would save '{parameter.arg}: {ast.unparse(parameter.annotation)}' and not load it again",
                    fix,
                )
