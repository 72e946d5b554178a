"""Code in the plain words that smolagents' validator and indenter understand."""

from __future__ import annotations

import ast
import builtins

from toolreg.bundle.names import arguments_of, bound_by

_BUILTINS = frozenset(dir(builtins))
_CONVERSIONS = {115: "str", 114: "repr", 97: "ascii"}


class OneLine(ast.NodeTransformer):
    """Strings on one line each: smolagents indents every line of a method, those inside strings too.

    Formatted strings with quotes in them are taken apart as well: Python 3.12 writes them as 3.11 cannot read them.
    """

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        apart = _is_delicate(node)
        self.generic_visit(node)
        if not apart:
            return node
        parts = ast.List([_part(value) for value in node.values if not _is_empty(value)], ast.Load())
        return ast.Call(ast.Attribute(ast.Constant(""), "join", ast.Load()), [parts], [])


def _is_delicate(node: ast.JoinedStr) -> bool:
    """True if a formatted string cannot be written alike by every Python: quotes, escapes, strings inside."""
    texts = [
        c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, (str, bytes))
    ]
    outer = [part.value for part in node.values if isinstance(part, ast.Constant)]
    specs = [
        part.format_spec for part in node.values if isinstance(part, ast.FormattedValue) and part.format_spec
    ]
    outer += [c.value for s in specs for c in getattr(s, "values", ()) if isinstance(c, ast.Constant)]
    plain = all(isinstance(t, str) and t.isprintable() and not set("'\"\\") & set(t) for t in outer)
    return not plain or len(texts) > len(outer)


def _is_empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == ""  # which Python 3.12 adds to some


def _part(value: ast.expr) -> ast.expr:
    if not isinstance(value, ast.FormattedValue):
        return value
    told = value.value
    if value.conversion in _CONVERSIONS:
        told = ast.Call(ast.Name(_CONVERSIONS[value.conversion], ast.Load()), [told], [])
    spec: list[ast.expr] = [value.format_spec] if value.format_spec is not None else []
    return ast.Call(ast.Name("format", ast.Load()), [told, *spec], [])


def unseen_names(function: ast.AST) -> set[str]:
    """Names bound somewhere in a function in a way that smolagents' validator overlooks."""
    bound: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node is not function:
                bound |= {node.name, *(a.arg for a in arguments_of(node.args))}
            case ast.Lambda(args=args):
                bound |= {a.arg for a in arguments_of(args)}
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case (
                ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
                | ast.MatchMapping(rest=str() as name)
            ):
                bound.add(name)
    return bound - _BUILTINS - _plainly_bound(function)


def unseen_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Parameters that the validator overlooks: positional- and keyword-only ones, all after a nested definition."""
    inner = [
        n.args
        for n in ast.walk(function)
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and n is not function
    ]
    last = {a.arg for a in inner[-1].args} if len(inner) == 1 else set()
    hidden = {a.arg for a in [*function.args.posonlyargs, *function.args.kwonlyargs]}
    names = [a.arg for a in arguments_of(function.args)]
    return [name for name in names if name in hidden or (inner and name not in last)]


def _plainly_bound(function: ast.AST) -> set[str]:
    """Names that the validator sees bound before they are used: single assignments and imports of the body itself."""
    seen: set[str] = set()
    for node in getattr(function, "body", []):
        if isinstance(node, ast.Assign):
            seen |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            seen |= {bound_by(a) for a in node.names}
    return seen
