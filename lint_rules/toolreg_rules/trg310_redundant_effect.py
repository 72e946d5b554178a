from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of, line_of


@rule(
    "TRG310",
    "redundant-effect",
    Severity.INFO,
    bad=[
        function_tool(
            "for name in ('a.txt', 'b.txt'):\n    with open('data/' + name) as file:\n        text += file.readline()\nreturn text",
            effects="read: data/**\nread: data/a.txt",
        ),
    ],
    good=[
        function_tool(
            "with open('data/a.txt') as file:\n    return text + file.readline()", effects="read: data/a.txt"
        ),
    ],
    needs=["Side effects:"],
)
def redundant_effect(tool: ToolSource) -> Iterator[Hit]:
    """An effect that another declared one covers.

    It promises nothing more; remove the narrower line, or the wider one if that was too wide.
    """
    declared = declared_of(tool) or ()
    for effect in declared:
        other = next((d for d in declared if d != effect and d.covers(effect)), None)
        if other is not None:
            yield line_of(tool, effect), f"'{effect}' is covered by '{other}'"
