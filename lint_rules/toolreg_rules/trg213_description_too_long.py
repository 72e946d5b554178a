from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.contract.spec import spec_of
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._values import text_of

LIMIT = 1024


@rule(
    "TRG213",
    "description-too-long",
    Severity.WARNING,
    bad=[
        function_tool(
            "return text.splitlines()[0]",
            summary="Shorten a text to its first line. "
            + "It keeps every word of the line as it stands. " * 25,
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def description_too_long(tool: ToolSource) -> Iterator[Hit]:
    """More text than a model should read to choose a tool.

    Every description is sent with every step. Beyond 1,024 characters some APIs cut it off, and others charge for it
    each time. Keep what tells when to use the tool; move the rest out of the docstring.
    """
    if len(tool.docstring.text) <= LIMIT and tool.form == "function":
        return
    node = tool.attribute("description") if tool.form == "class" else None
    described = text_of(tool, node)
    description = described if described is not None else spec_of(tool).description
    if len(description) > LIMIT:
        place = node or tool.docstring_node or tool.node
        yield place, f"the description has {len(description):,} characters, more than {LIMIT:,}"
