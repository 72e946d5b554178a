import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import body


@rule(
    "TRG209",
    "raises-undocumented",
    Severity.WARNING,
    bad=[
        function_tool("if not text:\n    raise ValueError('no text')\nreturn text.splitlines()[0]"),
    ],
    good=[
        function_tool(
            "if not text:\n    raise ValueError('no text')\nreturn text.splitlines()[0]",
            raises="ValueError: The text is empty.",
        ),
    ],
    needs=[ast.Raise],
)
def raises_undocumented(tool: ToolSource) -> Iterator[Hit]:
    """The tool raises an exception that `Raises:` does not name.

    An agent that knows what can go wrong, and when, can try something else. Add `ValueError: when …`.
    """
    if not tool.docstring.text or tool.call is None or not body(tool, ast.Raise):
        return
    section = tool.docstring.section("Raises")
    named = {item.name.split(".")[-1] for item in section.items()} if section else set()
    if section is not None and not named:
        return
    for node in raised_in(tool.call):
        name = _name(node.exc)
        if name and name.split(".")[-1] not in named:
            named.add(name.split(".")[-1])
            yield node, f"{name} is raised, but Raises does not name it"


def raised_in(function: ast.AST) -> Iterator[ast.Raise]:
    """Exceptions that leave the function: not those of nested functions, nor those caught around them."""
    stack = [(child, False) for child in _statements(function)]
    while stack:
        node, caught = stack.pop(0)
        if isinstance(node, ast.Raise) and not caught:
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Try):
            stack += [(s, caught or bool(node.handlers)) for s in node.body] + [
                (h, caught) for h in node.handlers
            ]
            stack += [(s, caught) for s in (*node.orelse, *node.finalbody)]
        else:
            stack += [(child, caught) for child in _statements(node)]


def _statements(node: ast.AST) -> list[ast.AST]:
    """What stands directly in a node and can hold a `raise`: no expression can."""
    return [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]


def _name(exc: ast.expr | None) -> str:
    """The class raised; an instance made elsewhere, and a class of the file itself, are not known by name."""
    target = exc.func if isinstance(exc, ast.Call) else exc
    text = ast.unparse(target) if isinstance(target, ast.Name | ast.Attribute) else ""
    return text if text.split(".")[-1][:1].isupper() else ""
