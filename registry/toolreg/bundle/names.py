"""Which names of the module a piece of code uses and binds, by Python's own scope rules."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toolreg.bundle.scopes import Scope, Scopes
from toolreg.bundle.statements import own_statements

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """One use of a module-level name.

    node: where it is written. deferred: not needed when the module is read, only when a function runs.
    quoted: it stands in a string annotation, where it cannot be renamed.
    """

    name: str
    node: ast.AST
    deferred: bool
    quoted: bool = False
    stores: bool = False


def references(statement: ast.stmt, *, future: bool = False) -> tuple[Ref, ...]:
    """Every use of a module-level name in a statement that stands at module level.

    future: the file has `from __future__ import annotations`, so annotations are not evaluated at once.
    """
    walker = _Walker(future)
    walker.visit(statement)
    return tuple(walker.found)


def bound_names(body: Iterable[ast.AST]) -> set[str]:
    """Names that statements bind in their own scope (walrus of comprehensions included)."""
    return {name for node in body for name in _bound(node)}


def _bound(node: ast.AST) -> Iterator[str]:  # noqa: C901  one arm for each way to bind a name
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
            for part in _outer_parts(node):
                yield from _bound(part)
            return
        case ast.Lambda():
            for default in _defaults(node.args):
                yield from _bound(default)
            return
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from (bound_by(alias) for alias in node.names if alias.name != "*")
        case ast.ExceptHandler(name=str() as name):
            yield name
        case (
            ast.MatchAs(name=str() as name)
            | ast.MatchStar(name=str() as name)
            | ast.MatchMapping(rest=str() as name)
        ):
            yield name
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for child in ast.walk(node):
                if isinstance(child, ast.NamedExpr):
                    yield from _bound(child.target)
            return
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def bound_by(alias: ast.alias) -> str:
    """The name that one part of an import statement binds (of `import`; a dotted one binds its root)."""
    return alias.asname or alias.name.split(".")[0]


def _outer_parts(node: Function | ast.ClassDef) -> list[ast.AST]:
    """What of a definition is evaluated in the scope around it (annotations aside)."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    return [*node.decorator_list, *_defaults(node.args)]


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(d for d in args.kw_defaults if d is not None)]


def arguments_of(args: ast.arguments) -> list[ast.arg]:
    """Every parameter in the order of the signature."""
    return [
        *args.posonlyargs,
        *args.args,
        *([args.vararg] if args.vararg else []),
        *args.kwonlyargs,
        *([args.kwarg] if args.kwarg else []),
    ]


class _Walker(ast.NodeVisitor):
    def __init__(self, future: bool) -> None:
        self.future = future
        self.scopes = Scopes()
        self.found: list[Ref] = []
        self.quoted = False

    def note(self, name: str, node: ast.AST, *, stores: bool = False, deferred: bool | None = None) -> None:
        if self.scopes.is_global(name):
            later = self.scopes.deferred if deferred is None else deferred
            self.found.append(Ref(name, node, later or self.quoted, self.quoted, stores))

    def visit_Name(self, node: ast.Name) -> None:
        stores = not isinstance(node.ctx, ast.Load)
        here = self.scopes[-1]
        if stores and here.kind == "class" and node.id not in here.module_names:
            here.local.add(node.id)
            return
        self.note(node.id, node, stores=stores)

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self.note(name, node, stores=True)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        here = self.scopes[-1]
        for alias in node.names:
            name = bound_by(alias)
            if here.kind == "class" and name not in here.module_names:
                here.local.add(name)
            elif alias.name != "*":
                self.note(name, alias, stores=True)

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: Function) -> None:
        for part in _outer_parts(node):
            self.visit(part)
        self.enter_types(node)
        for annotation in (*(a.annotation for a in arguments_of(node.args)), node.returns):
            self.annotation(annotation)
        types = self.scopes.pop()
        self.bind_definition(node)
        self.scopes.append(types)
        self.enter_function(node.args, node.body)
        self.scopes.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def bind_definition(self, node: Function | ast.ClassDef) -> None:
        here = self.scopes[-1]
        if here.kind == "class" and node.name not in here.module_names:
            here.local.add(node.name)
        else:
            self.note(node.name, node, stores=True)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in _defaults(node.args):
            self.visit(default)
        self.enter_function(node.args, [node.body])

    def enter_function(self, args: ast.arguments, body: list[ast.stmt] | list[ast.expr]) -> None:
        declared = {n for s in own_statements(body) if isinstance(s, ast.Global) for n in s.names}
        outer = {n for s in own_statements(body) if isinstance(s, ast.Nonlocal) for n in s.names}
        local = bound_names(body) | {a.arg for a in arguments_of(args)}
        self.scopes.append(Scope("function", local - declared - outer, declared))
        for part in body:
            self.visit(part)
        self.scopes.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.enter_types(node)
        for base in (*node.bases, *(k.value for k in node.keywords)):
            self.visit(base)
        declared = {n for s in own_statements(node.body) if isinstance(s, ast.Global) for n in s.names}
        self.scopes.append(Scope("class", {"__module__", "__qualname__", "__class__"}, declared))
        for part in node.body:
            self.visit(part)
        del self.scopes[-2:]
        self.bind_definition(node)

    def visit_TypeAlias(self, node: ast.AST) -> None:
        """`type Pair[T] = tuple[T, T]`: what it stands for is read when somebody asks."""
        alias: Any = node  # ast.TypeAlias, which Python 3.11 does not have
        self.visit(alias.name)
        self.enter_types(alias)
        self.lazily(alias.value)
        self.scopes.pop()

    def enter_types(self, node: ast.AST) -> None:
        """The scope of a definition's type parameters, whose bounds and defaults are read when somebody asks."""
        parameters: list[Any] = getattr(node, "type_params", [])
        self.scopes.append(Scope("types", {p.name for p in parameters}))
        for parameter in parameters:
            self.lazily(getattr(parameter, "bound", None))
            self.lazily(getattr(parameter, "default_value", None))

    def lazily(self, node: ast.expr | None) -> None:
        if node is not None:
            self.scopes.append(Scope("lazy"))
            self.visit(node)
            self.scopes.pop()

    def visit_comprehension_like(self, parts: list[ast.expr], loops: list[ast.comprehension]) -> None:
        self.visit(loops[0].iter)
        # A scope of its own, but one that runs at once.
        self.scopes.append(Scope("comprehension", {n for loop in loops for n in _bound(loop.target)}))
        for number, loop in enumerate(loops):
            self.visit(loop.target)
            if number:
                self.visit(loop.iter)
            for test in loop.ifs:
                self.visit(test)
        for part in parts:
            self.visit(part)
        self.scopes.pop()

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self.visit_comprehension_like([node.elt], node.generators)

    visit_SetComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.visit_comprehension_like([node.key, node.value], node.generators)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.note(node.target.id, node.target)
        self.visit(node.value)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value)
        self.visit(node.target)

    def annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        start = len(self.found)
        self.visit(node)
        if self.future:
            self.found[start:] = [Ref(r.name, r.node, True, r.quoted, r.stores) for r in self.found[start:]]
        for child in ast.walk(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                self.quoted_annotation(child.value, child)

    def quoted_annotation(self, text: str, place: ast.Constant) -> None:
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError):
            return
        start, was, self.quoted = len(self.found), self.quoted, True
        self.visit(tree.body)
        self.quoted = was
        self.found[start:] = [Ref(r.name, place, True, True) for r in self.found[start:]]

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name:
            self.store_identifier(node.name, node)
        for part in node.body:
            self.visit(part)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.store_identifier(node.name, node)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.store_identifier(node.rest, node)
        self.generic_visit(node)

    def store_identifier(self, name: str, node: ast.AST) -> None:
        here = self.scopes[-1]
        if here.kind == "class" and name not in here.module_names:
            here.local.add(name)
        else:
            self.note(name, node, stores=True)
