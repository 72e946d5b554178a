import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool


@rule(
    "TRG409",
    "nonliteral-attribute",
    Severity.INFO,
    bad=[
        class_tool(more="limits = (1, 100)"),
    ],
    good=[
        class_tool(more="limit = 100"),
    ],
    needs=["class"],
)
def nonliteral_attribute(tool: ToolSource) -> Iterator[Hit]:
    """A class attribute that is computed: stock smolagents refuses to save the class.

    It takes names, strings, numbers and dicts of these; no tuples, lists, negative numbers or calls. `toolreg publish`
    takes them; set them in `__init__` if the tool is also to be saved by smolagents itself.
    """
    for member in tool.node.body if isinstance(tool.node, ast.ClassDef) else ():
        if isinstance(member, ast.Assign) and not _is_simple(member.value):
            yield (
                member,
                f"smolagents would refuse to save '{ast.unparse(member.targets[0])} = {ast.unparse(member.value)[:40]}'",
            )


def _is_simple(node: ast.expr) -> bool:
    """True for what smolagents' own check lets through."""
    if isinstance(node, ast.Dict):
        return all(k is None or _is_simple(k) for k in node.keys) and all(map(_is_simple, node.values))
    if isinstance(node, ast.Set):
        return all(map(_is_simple, node.elts))
    return isinstance(node, ast.Constant)
