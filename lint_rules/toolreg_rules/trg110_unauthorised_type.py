import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg.lint.judge import place_of
from toolreg_rules._signature import AUTHORISED, JSON_TYPES, types_in
from toolreg_rules._values import inputs_of, meant


@rule(
    "TRG110",
    "unauthorised-type",
    Severity.ERROR,
    bad=[
        class_tool(output_type='"str"'),
        class_tool(inputs='{"text": {"type": "text", "description": "Text with a word."}}'),
    ],
    good=[
        class_tool(),
    ],
    fix="safe",
    needs=["class"],
)
def unauthorised_type(tool: ToolSource) -> Iterator[Hit]:
    """A type word that smolagents does not know.

    `inputs` and `output_type` take string, boolean, integer, number, image, audio, array, object, any or null;
    Python's own names (`str`, `int`, `list`) are refused.
    """
    if tool.form == "function":
        return
    output = meant(tool, tool.attribute("output_type"))
    places = [("output_type", output)] + [
        (f"input '{n}'", e.get("type")) for n, (_, e) in (inputs_of(tool) or {}).items()
    ]
    for what, node in places:
        if isinstance(node, ast.Name) and node.id in JSON_TYPES:
            message = f"{what}: '{node.id}' is a class, not a type word; write '{JSON_TYPES[node.id]}'"
            yield node, message, _renamed(node, node.id)
        for word in types_in(node):
            if word not in AUTHORISED and node is not None:
                yield (
                    node,
                    f"{what}: no such type '{word}'; one of {', '.join(AUTHORISED)}",
                    _renamed(node, word),
                )


def _renamed(node: ast.expr, word: str) -> Fix | None:
    known = JSON_TYPES.get(word)
    if known is None or not isinstance(node, ast.Constant | ast.Name):
        return None
    return Fix(f"Write '{known}'", (Edit(place_of(node), f'"{known}"'),), safe=True)
