"""A file as the list of its module-level statements, each with what it binds, uses and changes."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toolreg.bundle.names import Function, Ref, bound_by, bound_names, references
from toolreg.bundle.text import Edit, SourceText, string_lines
from toolreg.contract import Module
from toolreg.contract.source import tool_decorators
from toolreg.contract.walk import nodes_of

_MUTATORS = frozenset({"append", "add", "update", "extend", "setdefault", "insert", "pop", "remove", "clear", "discard",
                       "register", "appendleft", "sort", "reverse", "popitem", "push", "put"})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Unit:
    """One statement of a module. columns: the indentation it stands at; order: its place in the file."""

    node: ast.stmt
    order: int
    columns: int
    refs: tuple[Ref, ...]
    decorators: tuple[ast.expr, ...] = ()  # those of smolagents, which the published form goes without

    @cached_property
    def binds(self) -> frozenset[str]:
        return frozenset(bound_names([self.node]))

    @cached_property
    def uses(self) -> frozenset[str]:
        return frozenset(r.name for r in self.refs)

    @cached_property
    def changes(self) -> frozenset[str]:
        """Module names whose object this statement changes in place when the module is read."""
        return frozenset(_changed(self.node))

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, (ast.Import, ast.ImportFrom))


@dataclass(frozen=True, eq=False)
class Source:
    """One of the author's files, taken apart. label: its module name, for keeping names apart.

    unknown: names that have a value only when a function around the tool runs → that function.
    """

    module: Module
    label: str
    target: ast.AST | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> SourceText:
        return SourceText(self.module.text)

    @property
    def path(self) -> str:
        return self.module.path

    @cached_property
    def future(self) -> bool:
        return any(
            isinstance(n, ast.ImportFrom)
            and n.module == "__future__"
            and any(a.name == "annotations" for a in n.names)
            for n in self.module.tree.body
        )

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return tuple(
            Unit(node, order, node.col_offset, self._refs(node, decorators), decorators)
            for order, node in enumerate(self._statements(self.module.tree.body))
            for decorators in [self.tool_marks.get(id(node), ())]
        )

    @cached_property
    def tool_marks(self) -> dict[int, tuple[ast.expr, ...]]:
        """id of a `@tool` function → its `@tool` decorators."""
        return {id(t.node): tuple(tool_decorators(t)) for t in self.module.tools if t.form == "function"}

    def _refs(self, node: ast.stmt, decorators: tuple[ast.expr, ...]) -> tuple[Ref, ...]:
        if decorators and isinstance(node, Function):
            node = copy.copy(node)
            node.decorator_list = [d for d in node.decorator_list if d not in decorators]
        return references(node, future=self.future)

    def _statements(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """The statements that run when the file is imported; a block with tools in it is opened."""
        for node in body:
            if _is_main_guard(node):
                continue
            branch = _branch_with(node, self.target) if self.target is not None else None
            if branch is not None:
                yield from self._statements(branch)
            elif isinstance(node, (ast.If, ast.Try, ast.With)) and self._holds_a_tool(node):
                yield from self._statements(node.body)
            else:
                yield node

    def _holds_a_tool(self, node: ast.stmt) -> bool:
        return any(id(child) in self.tool_marks for child in ast.walk(node))

    @cached_property
    def by_name(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for name in unit.binds:
                found.setdefault(name, []).append(unit)
        return {name: tuple(units) for name, units in found.items()}

    @cached_property
    def rebound(self) -> frozenset[str]:
        """Names that a function binds anew through `global`."""
        return frozenset(
            n for node in ast.walk(self.module.tree) if isinstance(node, ast.Global) for n in node.names
        )

    @cached_property
    def writers(self) -> dict[str, frozenset[str]]:
        """Function or class of the file → module names that calling it may change."""
        return {
            u.node.name: frozenset(written_inside(u.node))
            for u in self.units
            if isinstance(u.node, DEFINITIONS)
        }

    def star_imports(self) -> list[Unit]:
        return [u for u in self.units if isinstance(u.node, ast.ImportFrom) and u.node.names[0].name == "*"]

    def first_line(self, unit: Unit) -> int:
        """The line where a statement's text begins: its decorators, and the comment right above it."""
        decorators: list[ast.expr] = getattr(unit.node, "decorator_list", [])
        line = min([unit.node.lineno, *(d.lineno for d in decorators)])
        strings = self.string_lines
        while line > 1 and self.text.lines[line - 2].lstrip().startswith("#") and line - 1 not in strings:
            line -= 1
        if line == 1 and self.text.lines[0].startswith("#!"):
            line += 1
        return min(line, unit.node.lineno)

    @cached_property
    def string_lines(self) -> frozenset[int]:
        return string_lines(self.module.tree)

    def shares_a_line(self, unit: Unit) -> bool:
        """True if another statement stands on the same line (`a = 1; b = 2`)."""
        lines = {unit.node.lineno, unit.node.end_lineno}
        return any(u is not unit and {u.node.lineno, u.node.end_lineno} & lines for u in self.units)

    def unit_text(self, unit: Unit, edits: list[Edit]) -> str:
        """The statement's own text at column 0, edited; ends with a newline."""
        if self.shares_a_line(unit):
            start, end = self.text.span(unit.node)
            return self.text.between(start, end, edits) + "\n"
        first, last = self.first_line(unit), unit.node.end_lineno or unit.node.lineno
        text = self.text.slice(first, last, [*edits, *self._dedent(first, last, unit)])
        return text if text.endswith(("\n", "\r")) else text + "\n"

    def _dedent(self, first: int, last: int, unit: Unit) -> Iterator[Edit]:
        """Take a nested statement to the margin; a line that begins inside a string keeps its first characters."""
        for number in range(first, last + 1) if unit.columns else ():
            if number not in self.string_lines:
                line, start = self.text.lines[number - 1], self.text.line_start(number)
                blank = len(line) - len(line.lstrip(" \t"))
                yield Edit(start, start + min(unit.columns, blank), "")


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def import_of(unit: Unit, name: str) -> ast.alias | None:
    """The part of an import statement that binds `name`."""
    if not isinstance(unit.node, (ast.Import, ast.ImportFrom)):
        return None
    return next((a for a in reversed(unit.node.names) if a.name != "*" and bound_by(a) == name), None)


def root_name(node: ast.expr) -> str | None:
    """`a.b[c].d()` → "a"."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _changed(node: ast.AST) -> Iterator[str]:
    """Roots of objects changed in place, in code that runs at once."""
    if isinstance(node, (*DEFINITIONS, ast.Lambda)):
        return
    targets: list[ast.expr] = []
    match node:
        case ast.Assign(targets=found):
            targets = found
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target):
            targets = [target]
        case ast.Delete(targets=found):
            targets = found
        case ast.Expr(value=ast.Call(func=ast.Attribute() as func)):
            targets = [func]
    for target in targets:
        for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            name = root_name(part) if isinstance(part, (ast.Attribute, ast.Subscript)) else None
            if name:
                yield name
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)):
            yield from _changed(child)


def written_inside(statement: ast.stmt) -> Iterator[str]:
    """Module names that calling a function or a class's methods may change: rebound, or changed in place."""
    for node in nodes_of(statement):
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, (ast.Attribute, ast.Subscript)) and (name := root_name(target)):
                    yield name
        elif isinstance(node, ast.Call) and _mutates(node.func) and (name := root_name(node.func)):
            yield name


def _mutates(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in _MUTATORS


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in {
        n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)
    }


def _branch_with(node: ast.stmt, target: ast.AST) -> list[ast.stmt] | None:
    """The block of an if, try or with that holds the tool, if any does."""
    if not isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
        return None
    handlers = [h.body for h in getattr(node, "handlers", [])]
    blocks: list[list[ast.stmt]] = [
        node.body,
        getattr(node, "orelse", []),
        getattr(node, "finalbody", []),
        *handlers,
    ]
    for block in blocks:
        if any(child is target for part in block for child in ast.walk(part)):
            return block
    return None
