from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._draft import draft_of, fix_of, inferred_block, insertion
from toolreg_rules._sections import whole


@rule(
    "TRG301",
    "missing-side-effects",
    Severity.ERROR,
    bad=[function_tool("return text.splitlines()[0]", effects=None)],
    good=[function_tool("return text.splitlines()[0]")],
    fix="unsafe",
)
def missing_side_effects(tool: ToolSource) -> Iterator[Hit]:
    """No `Side effects:` section.

    The section is the tool's promise of what it does to the world, and all that the sandbox will allow
    it. A pure tool says `Side effects: none`. It stands before `Args:`, where a model reads it too.
    """
    described = tool.docstring.text or (tool.form == "class" and tool.attribute("description") is not None)
    if described and tool.docstring.effect_lines is None:
        draft = draft_of(tool) if tool.docstring.style == "google" else None
        fix = fix_of(
            tool,
            draft.with_block(inferred_block(tool)) if draft else None,
            "Write what the code was seen to do",
        )
        if not tool.docstring.text:
            fix = insertion(tool, whole(tool), "Draft a docstring")
        yield (
            tool.docstring_node or tool.node,
            "no Side effects section; write `Side effects: none` for a pure tool",
            fix,
        )
