import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._text import lowered, seen_by_model

_KNOWN = frozenset(
    {
        "final_answer",
        "web_search",
        "visit_webpage",
        "python_interpreter",
        "wikipedia_search",
        "user_input",
        "execute_command",
        "send_email",
        "read_file",
        "write_file",
    }
)
_CALLED = re.compile(
    r"(?:`|\b(?:use|using|call|calling|via|with|than|tool|function) )(?P<a>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?!\w|\.\w)"
    r"|(?<![\w.])(?P<b>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=\(| tool\b| function\b)"
)


def _in_example(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : text.find("\n", at) if "\n" in text[at:] else len(text)]
    return line.lstrip().startswith((">>>", "..."))


@rule(
    "TRG603",
    "names-another-tool",
    Severity.INFO,
    bad=[
        function_tool(
            "return text.splitlines()[0]", summary="Shorten a text; call final_answer with the line."
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
)
def names_another_tool(tool: ToolSource) -> Iterator[Hit]:
    """The text for the model speaks of another tool.

    What one tool says of another reaches agents that have only one of them, or another by that name, and may draw
    the model to or away from it. Say what this tool needs and gives.
    """
    others = {t.name for t in tool.module.tools if t.name != tool.name and "_" in t.name}
    names = others | _KNOWN - {tool.name}
    text = lowered(tool)
    names = {name for name in names if name in text}
    for seen in seen_by_model(tool) if names else ():
        for match in _CALLED.finditer(seen.text):
            if (match["a"] or match["b"]) in names and not _in_example(seen.text, match.start()):
                yield seen.at(match.start()), f"{seen.what} names another tool, '{match['a'] or match['b']}'"
