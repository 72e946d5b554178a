import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._values import text_of

_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    {
        "a",
        "an",
        "the",
        "this",
        "that",
        "is",
        "it",
        "does",
        "do",
        "did",
        "tool",
        "tools",
        "function",
        "functions",
        "helper",
        "utility",
        "useful",
        "simple",
        "basic",
        "generic",
        "stuff",
        "thing",
        "things",
        "something",
        "some",
        "various",
        "for",
        "to",
        "of",
        "with",
        "and",
        "or",
        "in",
        "on",
        "by",
        "you",
        "your",
        "use",
        "used",
        "using",
        "helps",
        "help",
        "executes",
        "execute",
        "runs",
        "run",
        "call",
        "calls",
        "my",
        "custom",
        "implementation",
        "main",
        "process",
        "processes",
        "processing",
        "handle",
        "handles",
        "handling",
        "perform",
        "performs",
        "operation",
        "operations",
        "action",
        "actions",
        "task",
        "tasks",
        "method",
        "class",
        "data",
        "input",
        "output",
        "result",
        "results",
        "given",
        "s",
    }
)


@rule(
    "TRG214",
    "vague-description",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", summary="First line."),
        class_tool(description='"A tool that does things."'),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
)
def vague_description(tool: ToolSource) -> Iterator[Hit]:
    """A summary from which no model can tell when to use the tool.

    It is too short, restates the name, or says "a helper that does stuff". Say what it does, with what, and what
    comes back: "Count the words of a text, by language rules."
    """
    text, place = _described(tool)
    if not text:
        return
    words = {w.lower() for w in _WORD.findall(text)}
    name = {w.lower() for w in _WORD.findall(tool.name.replace("_", " "))}
    if not words - _EMPTY - name and len(words) < 8:
        yield place, f"'{text}' tells a model no more than the name '{tool.name}'"
    elif len(words) < 3:
        yield place, f"'{text}' is too short for a model to choose the tool by"


def _described(tool: ToolSource) -> tuple[str, ast.AST]:
    """What the model reads first, and where it stands."""
    node = tool.attribute("description") if tool.form == "class" else None
    text = text_of(tool, node)
    if node is not None and text is not None:
        return " ".join(text.split()), node
    if tool.form == "class" and node is not None:
        return "", tool.node
    return tool.docstring.summary, tool.docstring_node or tool.node
