from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool


@rule(
    "TRG205",
    "missing-example",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", examples=None),
        function_tool("return text.splitlines()[0]", examples="Pass it any text."),
    ],
    good=[function_tool("return text.splitlines()[0]"), class_tool()],
)
def missing_example(tool: ToolSource) -> Iterator[Hit]:
    """No doctest in an `Examples:` section.

    Examples are the first cases that the sandbox runs, and the best description a model gets. Add
    `Examples:` with at least one `>>> tool(...)` and what it prints.
    """
    if not tool.docstring.text:
        return
    section = tool.docstring.section("Examples")
    if section is None:
        yield tool.docstring_node or tool.node, "no Examples section: nothing shows that the tool works"
    elif ">>>" not in section.text:
        yield section, "the Examples section holds no doctest (`>>> …`)"
