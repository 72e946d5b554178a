import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool


@rule(
    "TRG417",
    "broken-description",
    Severity.INFO,
    bad=[
        class_tool(description='"Give the first word of a text.\\nPaths such as C:\\\\users are kept."'),
    ],
    good=[
        class_tool(),
    ],
    needs=["class"],
)
def broken_description(tool: ToolSource) -> Iterator[Hit]:
    """A description that stock smolagents would write wrongly.

    It puts a text of several lines between triple quotes as it is: a backslash or a quote at the end makes the saved
    file unreadable. `toolreg publish` escapes it; write the text in one line without backslashes otherwise.
    """
    for name in ("name", "description", "output_type") if tool.form == "class" else ():
        node = tool.attribute(name)
        text = node.value if isinstance(node, ast.Constant) else None
        if (
            node is not None
            and isinstance(text, str)
            and "\n" in text
            and ("\\" in text or text.rstrip("\n").endswith('"') or '"""' in text)
        ):
            yield node, f"smolagents would write '{name}' so that the saved file does not parse"
