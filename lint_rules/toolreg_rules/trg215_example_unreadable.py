import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.example import function_tool
from toolreg.lint.rule import Hit, Severity, rule


@rule(
    "TRG215",
    "example-unreadable",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", examples=">>>first_line('one')\n'one'"),
        function_tool("return text.splitlines()[0]", examples=">>> first_line('one'\n'one'"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def example_unreadable(tool: ToolSource) -> Iterator[Hit]:
    """An example that doctest cannot read, or that is no Python.

    Examples are run in the sandbox; one that cannot be read cannot be run. Mend its `>>>`, its indentation or its
    syntax.
    """
    section = tool.docstring.section("Examples")
    if section is None or ">>>" not in section.text:
        return
    try:
        examples = tool.docstring.examples
    except ValueError as error:
        yield section, f"doctest cannot read the examples: {error}"
        return
    for example in examples:
        try:
            ast.parse(example.source)
        except (SyntaxError, ValueError) as error:
            yield example.line, f"the example is no Python: {getattr(error, 'msg', error)}"
