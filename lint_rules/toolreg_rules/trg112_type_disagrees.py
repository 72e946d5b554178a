from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._hints import hints_of, returns_of
from toolreg_rules._signature import AUTHORISED, json_type, types_in
from toolreg_rules._values import inputs_of, meant


@rule(
    "TRG112",
    "type-disagrees",
    Severity.ERROR,
    bad=[
        class_tool("return str(text)", signature="self, text: int"),
        class_tool(output_type='"integer"'),
    ],
    good=[
        class_tool(),
        class_tool(
            "return str(text)",
            signature="self, text: int",
            inputs='{"text": {"type": "number", "description": "Words to give, 1 to 9."}}',
        ),
    ],
    needs=["class"],
)
def type_disagrees(tool: ToolSource) -> Iterator[Hit]:
    """`inputs` or `output_type` say another type than the hints of `forward`.

    The model is told the one, the code expects the other.
    """
    if tool.form == "function" or tool.call is None:
        return
    inputs = inputs_of(tool) or {}
    for parameter in tool.parameters:
        if parameter.arg in inputs and parameter.annotation is not None:
            node = inputs[parameter.arg][1].get("type")
            hinted = json_type(hints_of(tool)[parameter.arg])
            if node is not None and _disagree(types_in(node), hinted):
                yield (
                    node,
                    f"input '{parameter.arg}' is '{'/'.join(types_in(node))}', but forward's hint says '{hinted}'",
                )
    output, returns = meant(tool, tool.attribute("output_type")), returns_of(tool)
    if output is not None and returns is not None:
        hinted = json_type(returns)
        if _disagree(types_in(output), hinted):
            yield output, f"output_type is '{'/'.join(types_in(output))}', but forward returns '{hinted}'"


# Words that fit each other: every integer is a number, and what a file or an object is, a hint seldom tells.
_FITTING = {
    ("number", "integer"),
    ("string", "image"),
    ("string", "audio"),
    ("object", "image"),
    ("object", "audio"),
}


def _disagree(words: list[str], hinted: str) -> bool:
    if not hinted or not words or "any" in (hinted, *words) or not set(words) <= set(AUTHORISED):
        return False
    return not any(
        word == hinted or (word, hinted) in _FITTING or (hinted, word) in _FITTING for word in words
    )
