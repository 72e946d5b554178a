import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


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
    needs=["Examples:"],
)
def example_unreadable(tool: ToolSource) -> Iterator[Hit]:
    """An example that doctest cannot read, or that is no Python.

    Examples are run in the sandbox; one that cannot be read cannot be run. Mend its `>>>`, its indentation or its
    syntax.
    """
    section = tool.docstring.section("Examples")
    if section is None or ">>>" not in section.text:
        return
    for number, source in _sources(section.lines):
        place = section.line + 1 + number
        if source is None:
            yield (
                place,
                "doctest cannot read this line; write a space after the prompt, and begin no line further left than it",
            )
            continue
        try:
            ast.parse(source)
        except (SyntaxError, ValueError) as error:
            yield place, f"the example is no Python: {getattr(error, 'msg', error)}"
            return


def _sources(lines: tuple[str, ...]) -> Iterator[tuple[int, str | None]]:
    """(line, source) of each example, as doctest splits them; None for a line on which it gives up.

    By hand: importing doctest takes longer than judging a file.
    """
    first, indent, source, wanting = -1, 0, "", False
    for number, line in enumerate((*lines, "")):
        text = line.lstrip()
        prompt = text[:3]
        if prompt == ">>>" or (prompt == "..." and first >= 0):
            if prompt == ">>>":
                if first >= 0:
                    yield first, source
                first, indent, source = number, len(line) - len(text), ""
            if text[3:4] not in ("", " ") or len(line) - len(text) != indent:
                yield number, None
            source += text[4:] + "\n"
            wanting = True
        else:
            if first >= 0:
                yield first, source
                first = -1
            wanting = wanting and bool(text)
            if wanting and len(line) - len(text) < indent:
                yield number, None
