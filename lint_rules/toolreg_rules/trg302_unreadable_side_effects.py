from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.effects import EffectSyntaxError, parse_effects
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of


@rule(
    "TRG302",
    "unreadable-side-effects",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", effects="internet: example.com"),
        function_tool("return text.splitlines()[0]", effects="reads the disk"),
    ],
    good=[function_tool("return open(path).readline()", signature="path: str", effects="read: {path}")],
    needs=["Side effects:"],
)
def unreadable_side_effects(tool: ToolSource) -> Iterator[Hit]:
    """A line of `Side effects:` that is no effect.

    Each line is `kind: target`, with a kind of net, listen, read, write, env, run, native, code; the
    target may name a parameter, as in `read: {path}`. `(writes)` or `(deletes)` may follow for net.
    """
    lines = tool.docstring.effect_lines
    if lines is None or declared_of(tool) is not None:
        return
    bad = False
    for line, text in lines:
        try:
            parse_effects([text])
        except EffectSyntaxError as error:
            bad = True
            yield line, f"{error.message}; {error.hint}"
    if not bad:
        try:
            parse_effects(text for _, text in lines)
        except EffectSyntaxError as error:
            section = tool.docstring.section("Side effects")
            yield section or tool.node, f"{error.message}; {error.hint}"
