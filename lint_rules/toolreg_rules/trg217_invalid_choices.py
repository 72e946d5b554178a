import json
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool

_CHOICES = re.compile(r"\(choices:\s*(.*?)\)\s*\Z", re.I | re.S)


@rule(
    "TRG217",
    "invalid-choices",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", args={"text": "What to drink (choices: tea, coffee)"}),
    ],
    good=[
        function_tool(
            "return text.splitlines()[0]", args={"text": 'What to drink (choices: ["tea", "coffee"])'}
        ),
    ],
    references=["https://huggingface.co/docs/smolagents/tutorials/tools"],
    needs=["Args:"],
)
def invalid_choices(tool: ToolSource) -> Iterator[Hit]:
    """`(choices: …)` in a description is no JSON list of texts.

    smolagents reads what follows `choices:` with a JSON parser and fails at import where it is none. Write
    `(choices: ["tea", "coffee"])`.
    """
    section = tool.docstring.section("Args") if tool.form == "function" else None
    for item in section.items() if section else ():
        match = _CHOICES.search(item.text)
        if match and not _is_json(match[1]):
            yield (
                item,
                f'the choices of \'{item.name}\' are no JSON list of texts; write (choices: ["tea", "coffee"])',
            )


def _is_json(text: str) -> bool:
    try:
        choices = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(choices, list) and all(isinstance(choice, str) for choice in choices)
