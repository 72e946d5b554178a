from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._draft import insertion
from toolreg_rules._sections import whole
from toolreg_rules._values import set_in_init

_BARE = """from smolagents import tool


@tool
def first_line(text: str) -> str:
    return text.splitlines()[0]
"""


@rule(
    "TRG201",
    "missing-summary",
    Severity.ERROR,
    bad=[_BARE, function_tool("return text.splitlines()[0]", summary="")],
    good=[function_tool("return text.splitlines()[0]"), class_tool()],
    fix="unsafe",
)
def missing_summary(tool: ToolSource) -> Iterator[Hit]:
    """A tool without a docstring, or a docstring that does not begin with what the tool does.

    The summary is what a model reads to choose the tool. Begin with one sentence: what it does, with
    what, and what comes back. In a `Tool` subclass, `description` may say it.
    """
    if tool.docstring.summary or (tool.form == "class" and tool.attribute("description") is not None):
        return
    if "description" in set_in_init(tool):
        return
    if not tool.docstring.text:
        fix = insertion(tool, whole(tool), "Draft a docstring")
        yield tool.node, "no docstring: a model cannot know what the tool does", fix
    else:
        yield (
            tool.docstring_node or tool.node,
            "the docstring does not begin with a summary of what the tool does",
        )
