from collections.abc import Iterator
from itertools import pairwise

from toolreg.contract.docstring import ORDER
from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._draft import draft_of, fix_of

_LATE = function_tool("return text.splitlines()[0]", effects=None).replace(
    "    Returns:", "    Side effects: none\n\n    Returns:"
)


@rule(
    "TRG206",
    "section-order",
    Severity.ERROR,
    bad=[_LATE],
    good=[function_tool("return text.splitlines()[0]")],
    fix="safe",
)
def section_order(tool: ToolSource) -> Iterator[Hit]:
    """Sections out of order: Side effects, Args, Returns, Raises, Examples.

    smolagents shows a model what stands before `Args:`, and takes a section it does not know after `Args:`
    for the text of the last parameter. So `Side effects:` stands first.
    """
    if tool.docstring.style != "google":
        return
    seen = [s for s in tool.docstring.sections if s.name in ORDER]
    for before, section in pairwise(seen):
        if ORDER.index(section.name) < ORDER.index(before.name):
            draft = draft_of(tool)
            fix = fix_of(tool, draft.in_order() if draft else None, "Move the sections into order", safe=True)
            yield (
                section,
                f"'{section.written}' stands after '{before.written}'; the order is {', '.join(ORDER)}",
                fix,
            )
