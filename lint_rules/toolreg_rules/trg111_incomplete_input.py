from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._values import inputs_of

_IGNORED = {
    "required": "write 'nullable': True where it may be left out",
    "optional": "write 'nullable': True",
    "default": "give forward the default",
}


@rule(
    "TRG111",
    "incomplete-input",
    Severity.ERROR,
    bad=[
        class_tool(inputs='{"text": {"type": "string"}}'),
        class_tool(
            inputs='{"text": {"type": "string", "description": "Text with a word.", "required": True}}'
        ),
    ],
    good=[
        class_tool(),
    ],
    needs=["class"],
)
def incomplete_input(tool: ToolSource) -> Iterator[Hit]:
    """An entry of `inputs` without `type` or `description`, or with a key that means nothing.

    smolagents refuses an input without both; keys such as `required` or `optional` are silently ignored: write
    `"nullable": True` for an input that may be left out.
    """
    for name, (key, entries) in (inputs_of(tool) or {}).items():
        missing = [word for word in ("type", "description") if word not in entries]
        if missing:
            yield key, f"input '{name}' has no {' and no '.join(missing)}; smolagents refuses the tool"
        for word, value in entries.items():
            if word in _IGNORED:
                yield value, f"input '{name}': smolagents ignores '{word}'; {_IGNORED[word]}"
