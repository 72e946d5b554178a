from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of, line_of

_BAD = function_tool(
    "with open(path) as file:\n    return file.readline()",
    signature="path: str",
    effects="read: {path}\nread: {file}/*.txt",
)


@rule(
    "TRG309",
    "unknown-target-parameter",
    Severity.ERROR,
    bad=[
        _BAD,
    ],
    good=[
        function_tool(
            "with open(path) as file:\n    return file.readline()",
            signature="path: str",
            effects="read: {path}",
        ),
    ],
    needs=["Side effects:"],
)
def unknown_target_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A target names a parameter that the tool does not have.

    `{name}` in a target stands for the argument of that name; without such a parameter nothing is ever granted.
    """
    names = {p.arg for p in tool.parameters}
    for effect in declared_of(tool) or ():
        for name in effect.parameters:
            if name not in names:
                yield (
                    line_of(tool, effect),
                    f"'{effect}' names '{name}', which is no parameter; the tool has {', '.join(sorted(names)) or 'none'}",
                )
