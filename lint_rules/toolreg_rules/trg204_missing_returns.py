import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._draft import draft_of, fix_of
from toolreg_rules._sections import returns_block


@rule(
    "TRG204",
    "missing-returns",
    Severity.WARNING,
    bad=[function_tool("return text.splitlines()[0]", gives=None)],
    good=[
        function_tool("return text.splitlines()[0]"),
        function_tool("text.encode()", returns="None", gives=None),
    ],
    fix="unsafe",
)
def missing_returns(tool: ToolSource) -> Iterator[Hit]:
    """No `Returns:` section.

    A model plans its next step on what comes back: its form, its units, what an empty result means.
    Add `Returns:` after `Args:`.
    """
    if tool.docstring.text and tool.docstring.section("Returns") is None and not _gives_nothing(tool):
        draft = draft_of(tool) if tool.docstring.style == "google" else None
        fix = fix_of(tool, draft.with_block(returns_block(tool)) if draft else None, "Draft the section")
        yield tool.docstring_node or tool.node, "no Returns section: a model cannot know what comes back", fix


def _gives_nothing(tool: ToolSource) -> bool:
    returns = tool.call.returns if tool.call is not None else None
    return isinstance(returns, ast.Constant) and returns.value is None
