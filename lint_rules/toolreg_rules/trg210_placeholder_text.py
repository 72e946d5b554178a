import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._signature import described
from toolreg_rules._values import text_of

_PLACEHOLDER = re.compile(
    r"(?:\A|[.(\[]\s*)(?:TODO|FIXME|XXX)\b|\b(?:TODO|FIXME|XXX)\s*:|\bTBD\b|(?i:\blorem ipsum\b"
    r"|<(?:(?:tool |short |your )?description|insert [^>]*|your [^>]*|describe [^>]*|todo[^>]*)>"
    r"|\[(?:(?:tool |short |your )?description|insert [^\]]*|your [^\]]*|describe [^\]]*)\])",
    re.A,
)
_WHOLE = re.compile(
    r"(?i)_?(?:description|summary|docstring|write me|fill (?:me )?in|a tool|my tool|(?:tool|parameter|argument) description"
    r"|(?:your|insert|add|write|enter|put) (?:an? |the |your )?(?:tool )?(?:description|docstring|summary)(?: (?:goes )?here)?|description (?:goes )?here"
    r"|no description|n/?a|none|\.{3}|…|-+)_?[.!]?"
)
# One of these stands in what the first pattern finds, unless it is lorem ipsum; and the second finds nothing longer.
_MARKS = ("TODO", "FIXME", "XXX", "TBD", "<", "[")
_LONGEST = 80


@rule(
    "TRG210",
    "placeholder-text",
    Severity.WARNING,
    bad=[
        function_tool("return text.splitlines()[0]", summary="TODO: describe this."),
        function_tool("return text.splitlines()[0]", args={"text": "FIXME what to pass, e.g. one."}),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        function_tool("return text.splitlines()[0]", summary="Add an entry to a todo list."),
    ],
)
def placeholder_text(tool: ToolSource) -> Iterator[Hit]:
    """A docstring or description that was never written.

    "TODO", "lorem ipsum", "description": a model takes it at its word.
    """
    texts: list[tuple[str, ast.AST | int]] = [(tool.docstring.summary, tool.docstring_node or tool.node)]
    texts += [(text, place) for _, text, place in described(tool)]
    description = tool.attribute("description") if tool.form == "class" else None
    written = text_of(tool, description)
    if description is not None and written is not None:
        texts.append((written, description))
    joined = "".join([text for text, _ in texts])
    marked = any(mark in joined for mark in _MARKS) or "lorem" in joined.lower()
    for text, place in texts:
        match = _PLACEHOLDER.search(text) if marked else None
        if match is None and len(text) < _LONGEST:
            match = _WHOLE.fullmatch(text.strip())
        if match:
            yield place, f"'{match[0].strip()}' is a placeholder, not a description"
