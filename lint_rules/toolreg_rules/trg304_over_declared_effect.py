from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.effects import Effect
from toolreg.infer import infer
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of, line_of


@rule(
    "TRG304",
    "over-declared-effect",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", effects="net: example.com"),
        function_tool(
            "with open(path) as file:\n    return file.readline()",
            signature="path: str",
            effects="read: {path}\nwrite: {path}",
        ),
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
def over_declared_effect(tool: ToolSource) -> Iterator[Hit]:
    """A declared effect that the code cannot have.

    It asks a user for a right that the tool does not need. Remove the line, or narrow it.
    """
    declared = declared_of(tool)
    if not declared:
        return
    inference = infer(tool)
    if any(e.kind in ("run", "code", "native") for e in inference.effects):
        return  # a program, or code made at run time, may do anything that is declared
    names = {p.arg for p in tool.parameters}
    for effect in declared:
        hidden = any(u.kind in (None, effect.kind) for u in inference.unresolved) or not names.issuperset(
            effect.parameters
        )
        twice = any(d != effect and d.covers(effect) for d in declared)
        if (
            not hidden
            and not twice
            and not any(effect.covers(e) or _meets(effect, e) for e in inference.effects)
        ):
            yield line_of(tool, effect), f"'{effect}' is declared, but nothing in the code does it"


def _meets(declared: Effect, inferred: Effect) -> bool:
    """What is declared may be a part of what the inference saw: a broad target, or a stronger change."""
    if declared.kind != inferred.kind:
        return False
    return inferred.target == "*" or Effect(declared.kind, declared.target).covers(
        Effect(inferred.kind, inferred.target)
    )
