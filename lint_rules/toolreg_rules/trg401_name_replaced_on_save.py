import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import ids, nodes, strings


@rule(
    "TRG401",
    "name-replaced-on-save",
    Severity.INFO,
    bad=[
        function_tool(
            "import re\nreturn str(re.search('one', text))",
            name="search",
            examples=">>> search('one') == ''\nFalse",
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    references=["https://github.com/huggingface/smolagents/blob/main/src/smolagents/tools.py"],
    needs=["function"],
)
def name_replaced_on_save(tool: ToolSource) -> Iterator[Hit]:
    """The tool's name occurs in its own code, where stock smolagents would change it.

    `Tool.save` and `push_to_hub` replace every occurrence of the name by `forward`, in words and strings too: a tool
    `search` that calls `re.search` then calls `re.forward`. `toolreg publish` does not; rename the tool if it is also
    to be saved by smolagents itself.
    """
    if tool.form == "class" or not _occurs(tool):
        return
    for node in (
        *nodes(tool, ast.Name),
        *nodes(tool, ast.Attribute),
        *nodes(tool, ast.Constant),
        *nodes(tool, ast.arg),
        *(word for word in nodes(tool, ast.keyword) if word.arg),
    ):
        text = _written(node)
        if (
            tool.name in text
            and node is not tool.docstring_node
            and getattr(node, "lineno", 0) >= tool.node.lineno
        ):
            yield (
                node,
                f"smolagents would save '{_short(text)}' as '{_short(text.replace(tool.name, 'forward'))}': it holds the tool's name",
            )


def _written(node: ast.AST) -> str:
    """The word or text that a node is."""
    match node:
        case ast.Name(id=text) | ast.Attribute(attr=text) | ast.Constant(value=str() as text):
            return text
        case ast.arg(arg=text) | ast.keyword(arg=str() as text):
            return text
    return ""


def _occurs(tool: ToolSource) -> bool:
    """A quick look: in any name or text at all?"""
    named = [
        *ids(tool),
        *(n.attr for n in nodes(tool, ast.Attribute)),
        *(a.arg for a in nodes(tool, ast.arg)),
        *(word.arg or "" for word in nodes(tool, ast.keyword)),
    ]
    return tool.name in strings(tool)[1] or any(tool.name in name for name in named)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
