from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.infer import infer
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._effects import declared_of, line_of


@rule(
    "TRG308",
    "broad-target",
    Severity.WARNING,
    bad=[
        function_tool(
            "return requests.get('https://api.example.com/a', timeout=5).text[:500] + text",
            head="import requests",
            effects="net: *",
        ),
    ],
    good=[
        function_tool(
            "return requests.get('https://api.example.com/a', timeout=5).text[:500] + text",
            head="import requests",
            effects="net: api.example.com",
        ),
    ],
    needs=["Side effects:"],
)
def broad_target(tool: ToolSource) -> Iterator[Hit]:
    """A declared target is wider than the code needs.

    `net: *` lets a tool reach everything; the code reaches one host. Declare what it uses, or a parameter such as
    `net: {url}`, which is granted for each call alone.
    """
    declared = declared_of(tool)
    if not declared:
        return
    inference = infer(tool)
    for effect in declared:
        if effect.target not in ("*", "**", "/") or effect.kind in ("code", "listen"):
            continue
        narrow = [e for e in inference.effects if e.kind == effect.kind]
        unknown = any(e.target == "*" for e in narrow) or any(
            u.kind in (None, effect.kind) for u in inference.unresolved
        )
        if narrow and not unknown:
            yield (
                line_of(tool, effect),
                f"'{effect}' is wider than needed; the code uses {', '.join(map(str, narrow[:4]))}",
            )
