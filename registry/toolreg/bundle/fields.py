"""Annotated fields of classes, as types.

smolagents loads a tool with `exec`, whose code inherits `from __future__ import annotations` from smolagents' own
file: every annotation becomes a string, and dataclasses, pydantic and TypedDict look strings up in `sys.modules`,
where a loaded tool is not. So each class with fields says once more, at its end, what its annotations are.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator

from toolreg.bundle.names import references
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source, Unit
from toolreg.contract.walk import nodes_of

_BUILTINS = frozenset(dir(builtins))
TYPING = "_typing"
_ASKS = ("__annotations__", "get_annotations", "get_type_hints")  # code that reads annotations of its own


def field_edits(source: Source, unit: Unit, renames: list[Edit]) -> Iterator[Edit]:
    """The edits that end every class with fields inside a statement with its `__annotations__`."""
    asked = any(word in source.module.text for word in _ASKS)
    for node in nodes_of(unit.node):
        if isinstance(node, ast.ClassDef) and (asked or node.bases or node.decorator_list or node.keywords):
            fields = [m for m in node.body if isinstance(m, ast.AnnAssign) and isinstance(m.target, ast.Name)]
            if fields and not _is_tool(node):
                at_once = _shadowed(node, fields)
                yield from (
                    _each(source, unit, fields, renames)
                    if at_once
                    else [_edit(source, unit, node, fields, renames)]
                )


def _each(source: Source, unit: Unit, fields: list[ast.AnnAssign], renames: list[Edit]) -> Iterator[Edit]:
    """A field named like a type of the class: each annotation is said again right where it stands."""
    known = _known(source, unit) if source.future else None
    for field in fields:
        end = source.text.span(field)[1]
        told = f'__annotations__["{ast.unparse(field.target)}"] = {_type_text(source, field.annotation, known, renames)}'
        yield Edit(end, end, f"; {told}")


def _edit(
    source: Source, unit: Unit, node: ast.ClassDef, fields: list[ast.AnnAssign], renames: list[Edit]
) -> Edit:
    known = _known(source, unit) if source.future else None
    told = ", ".join(
        f'"{ast.unparse(f.target)}": {_type_text(source, f.annotation, known, renames)}' for f in fields
    )
    last, first = node.body[-1], node.body[0]
    end = source.text.span(last)[1]
    same_line = first.lineno == node.lineno or source.text.lines[first.lineno - 1][: first.col_offset].strip()
    indent = source.text.lines[first.lineno - 1][: first.col_offset]
    line = f"__annotations__ = {{{told}}}"
    return Edit(end, end, f"; {line}") if same_line else Edit(end, end, f"{_line_end(source)}{indent}{line}")


def _type_text(
    source: Source, annotation: ast.expr, known: frozenset[str] | None, renames: list[Edit]
) -> str:
    """The annotation's own text where it can be evaluated; what is bound only later stays a forward reference."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return f"{TYPING}.ForwardRef({annotation.value!r})"
    later = {
        n.id
        for n in ast.walk(annotation)
        if isinstance(n, ast.Name) and known is not None and n.id not in known
    }
    if not later:
        start, end = source.text.span(annotation)
        return source.text.between(start, end, renames)
    quoted = _Quote(later).visit(copy.deepcopy(annotation))
    text = ast.unparse(quoted)
    return f"{TYPING}.ForwardRef({quoted.value!r})" if isinstance(quoted, ast.Constant) else text


class _Quote(ast.NodeTransformer):
    """Names that are not bound yet become strings, and a union with one of them a typing.Union."""

    def __init__(self, later: set[str]) -> None:
        self.later = later

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(node.id) if node.id in self.later else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        root = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        return (
            ast.Constant(ast.unparse(node)) if isinstance(root, ast.Name) and root.id in self.later else node
        )

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not any(
            isinstance(part, ast.Constant) and isinstance(part.value, str) for part in (node.left, node.right)
        ):
            return node
        union = ast.Attribute(ast.Name(TYPING, ast.Load()), "Union", ast.Load())
        return ast.Subscript(union, ast.Tuple([node.left, node.right], ast.Load()), ast.Load())


def _known(source: Source, unit: Unit) -> frozenset[str]:
    """Names bound above a statement, or by nothing of this file."""
    later = {name for u in source.units if u.order >= unit.order for name in u.binds}
    above = {name for u in source.units if u.order < unit.order for name in _really_bound(u)}
    inner = {r.name for r in references(unit.node, future=True) if not r.stores}
    return frozenset((inner - later - frozenset(source.by_name)) | above | _BUILTINS)


def _really_bound(unit: Unit) -> frozenset[str]:
    test = getattr(unit.node, "test", None)
    guarded = isinstance(unit.node, ast.If) and "TYPE_CHECKING" in (
        getattr(test, "id", ""),
        getattr(test, "attr", ""),
    )
    return frozenset() if guarded else unit.binds


def _shadowed(node: ast.ClassDef, fields: list[ast.AnnAssign]) -> bool:
    """True if a field has the name of a type used in the class: at its end that name means the field."""
    names = {n.id for f in fields for n in ast.walk(f.annotation) if isinstance(n, ast.Name)}
    bound = {ast.unparse(f.target) for f in fields if f.value is not None}
    bound |= {
        t.id for m in node.body if isinstance(m, ast.Assign) for t in m.targets if isinstance(t, ast.Name)
    }
    bound |= {
        m.name for m in node.body if isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    return bool(names & bound)


def _is_tool(node: ast.ClassDef) -> bool:
    return any(
        isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef)) and m.name == "forward" for m in node.body
    )


def _line_end(source: Source) -> str:
    return "\r\n" if source.text.lines and source.text.lines[0].endswith("\r\n") else "\n"
