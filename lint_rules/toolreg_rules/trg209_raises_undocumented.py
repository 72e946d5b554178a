import ast
import builtins
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import body
from toolreg_rules._local import value_of


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
    text = section.text if section is not None else ""
    for node in raised_in(tool.call):
        name = _name(value_of(tool, node.exc))
        if name and name.split(".")[-1] not in named and not re.search(rf"\b{name.split('.')[-1]}\b", text):
            named.add(name.split(".")[-1])
            yield node, f"{name} is raised, but Raises does not name it"


def raised_in(function: ast.AST) -> Iterator[ast.Raise]:
    """Exceptions that leave the function: not those of nested functions, nor those caught around them."""
    stack: list[tuple[ast.AST, tuple[ast.ExceptHandler, ...]]] = [(s, ()) for s in _statements(function)]
    while stack:
        node, around = stack.pop(0)
        if isinstance(node, ast.Raise) and not any(_catches(handler, node) for handler in around):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Try | ast.TryStar):
            stack += [(s, (*around, *node.handlers)) for s in node.body]
            stack += [(s, around) for s in (*node.handlers, *node.orelse, *node.finalbody)]
        else:
            stack += [(child, around) for child in _statements(node)]


def _catches(handler: ast.ExceptHandler, raised: ast.Raise) -> bool:
    """True if the handler stops what is raised; of classes that are not builtin, nobody knows their bases."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    known = getattr(builtins, _name(raised.exc), None)
    for kind in kinds:
        base = getattr(builtins, ast.unparse(kind), None) if kind is not None else BaseException
        if not isinstance(base, type) or not isinstance(known, type) or issubclass(known, base):
            return True
    return False


def _statements(node: ast.AST) -> list[ast.AST]:
    """What stands directly in a node and can hold a `raise`: no expression can."""
    return [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]


def _name(exc: ast.expr | None) -> str:
    """The class raised; an instance made elsewhere, and a class of the file itself, are not known by name."""
    target = exc.func if isinstance(exc, ast.Call) else exc
    text = ast.unparse(target) if isinstance(target, ast.Name | ast.Attribute) else ""
    return text if text.split(".")[-1][:1].isupper() else ""
