"""What a tool reaches: its own statement, and every import, constant, helper, class and base below it."""

from __future__ import annotations

import ast
import builtins
import os
from dataclasses import dataclass, field

from toolreg.bundle.data import Data, reads
from toolreg.bundle.hidden import look, patches
from toolreg.bundle.importing import (
    imports_inside,
    is_for_type_checkers,
    is_path_change,
    makes_names,
)
from toolreg.bundle.project import Project
from toolreg.bundle.spaces import dotted_space, space
from toolreg.bundle.stars import from_star
from toolreg.bundle.units import Source, Unit, import_of
from toolreg.bundle.writers import decorates_with, registers, written_by
from toolreg.contract.walk import nodes_of

Reasons = list[tuple[int, str]]
_BUILTINS = frozenset(dir(builtins)) | {
    "__name__",
    "__builtins__",
    "__debug__",
    "__annotations__",
    "__class__",
}
_PLACE = {
    "__file__": "the published file has no place on disk; give the data as an argument, or as text in the file",
    "__path__": "the published file is no package",
    "__spec__": "the published file has no import spec",
    "__loader__": "the published file has no loader",
    "__package__": "the published file is in no package",
    "__doc__": "the published file has its own module docstring",
}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Inline:
    """A local import inside a statement: which of the author's files it means. name "" is the module itself.

    source: None for `import kit.deep` where `kit` itself is not used, so that nothing has to be bound.
    """

    alias: ast.alias
    source: Source | None
    name: str


@dataclass(eq=False)
class Reach:
    """Collects statements, from the tool outwards, until nothing new is reached."""

    project: Project
    reasons: Reasons = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    units: dict[Source, dict[Unit, set[str]]] = field(default_factory=dict)
    order: list[Source] = field(default_factory=list)
    # (file, name) → (file, name) it is imported from, and names that stand for one of the author's modules.
    links: dict[tuple[Source, str], tuple[Source, str]] = field(default_factory=dict)
    spaces: dict[tuple[Source, str], Source] = field(default_factory=dict)
    inlines: dict[ast.AST, list[Inline]] = field(default_factory=dict)
    attributes: dict[Source, set[str]] = field(default_factory=dict)
    # `kit.deep` in `kit.deep.work()` → the file it means.
    dotted: dict[ast.Attribute, Source] = field(default_factory=dict)
    provided: set[str] = field(default_factory=set)
    data: dict[ast.Call, Data] = field(default_factory=dict)
    _seen: set[tuple[Source, str]] = field(default_factory=set)
    _within: set[Source] = field(default_factory=set)

    def start(self, source: Source, unit: Unit) -> None:
        self._within.add(source)
        self.include(source, unit)
        patches(self, source)
        self._finish(source)

    def refuse(self, source: Source, line: int, text: str) -> None:
        place = "" if source is self.project.main else f"{source.path}: "
        reason = (line, place + text)
        if reason not in self.reasons:
            self.reasons.append(reason)

    def need(self, source: Source, name: str, line: int) -> None:
        """A module-level name of a file is used."""
        if (source, name) in self._seen:
            return
        self._seen.add((source, name))
        if name in _PLACE and name not in source.by_name:
            self.refuse(source, line, f"uses {name}: {_PLACE[name]}")
            return
        units = source.by_name.get(name, ())
        if name in source.unknown and not units:
            text = f"uses '{name}', which {source.unknown[name]}() is given when it runs; give it a default or build the tool once with a literal"
            self.refuse(source, line, text)
            return
        for unit in units:
            self.include(source, unit, name)
        if not units:
            self._unbound(source, name, line)
        if units:
            self._changes_of(source, name)

    def include(self, source: Source, unit: Unit, name: str = "") -> None:
        """A statement belongs to the slice; of an import only the part that binds `name`."""
        if unit.is_import and name:
            self._import(source, unit, name)
            return
        mine = self.units.setdefault(source, {})
        if unit in mine or is_for_type_checkers(unit.node):
            return
        mine[unit] = set()
        for statement in imports_inside(unit.node):
            self._inner_import(source, unit, statement)
        told = self._data(source, unit)
        for ref in unit.refs:
            if id(ref.node) not in told and not (ref.stores and ref.name not in source.by_name):
                self.need(source, ref.name, getattr(ref.node, "lineno", unit.node.lineno))
        self._no_tool_objects(source, unit)
        look(self, source, unit)

    def _data(self, source: Source, unit: Unit) -> set[int]:
        """Reads of files beside the module become constants; ids of the nodes that go."""
        gone: set[int] = set()
        for read in reads(self.project, source, unit.node):
            problem = read.problem()
            if problem:
                self.refuse(source, read.node.lineno, f"{os.path.basename(read.path)} {problem}")
            self.data[read.node] = read
            gone |= {id(n) for n in ast.walk(read.node)}
        return gone

    def _no_tool_objects(self, source: Source, unit: Unit) -> None:
        """Another `@tool` function is published as a function: it may be called, and nothing else."""
        called = {id(n.func) for n in nodes_of(unit.node) if isinstance(n, ast.Call)}
        for ref in unit.refs:
            where, name = self.links.get((source, ref.name), (source, ref.name))
            other = [u for u in where.by_name.get(name, ()) if u.decorators and u is not unit]
            if other and not ref.stores and id(ref.node) not in called and where.target is not other[0].node:
                line = getattr(ref.node, "lineno", unit.node.lineno)
                self.refuse(
                    source, line, f"uses '{ref.name}' as a Tool object; beside the tool that is published it is"
                    " a plain function, which can only be called"
                )  # fmt: skip

    def _import(self, source: Source, unit: Unit, name: str) -> None:
        alias = import_of(unit, name)
        if alias is None:
            return
        own = self.own(source, unit.node, alias)
        if own is None:
            self.units.setdefault(source, {}).setdefault(unit, set()).add(name)
            return
        other, wanted = own
        if wanted:
            self.links[source, name] = (other, wanted)
            self.enter(other, wanted, alias.lineno)
        elif _is_dotted(unit.node, alias):
            dotted_space(self, source, alias, other)
        else:
            self.spaces[source, name] = other
            space(self, source, alias, other)

    def enter(self, other: Source, name: str, line: int) -> None:
        if other in self._within:
            self.need(other, name, line)
            return
        self._within.add(other)
        self.need(other, name, line)
        patches(self, other)
        self._within.discard(other)
        self._finish(other)

    def _finish(self, source: Source) -> None:
        known = source in self.units or any(s is source for s, _ in (*self.links, *self.spaces))
        if source not in self.order and known:
            self.order.append(source)

    def own(self, source: Source, node: ast.stmt, alias: ast.alias) -> tuple[Source, str] | None:
        """The author's own file that a part of an import means, and the name in it ("" for the file itself)."""
        if isinstance(node, ast.Import):
            path = self.project.find(alias.name)
            if path is None:
                self._not_found(source, alias.name, alias)
                return None
            return self.project.source(path), ""
        assert isinstance(node, ast.ImportFrom)
        if node.level and self.project.package_root[1] == "smolagents" and alias.name in ("Tool", "tool"):
            return None  # a fork of smolagents: its Tool is published as smolagents' own
        if node.level:
            base = self.project.relative(source, node)
            return self._from(self.project.at(base), self.project.at(f"{base}/{alias.name}"), source, alias)
        module = node.module or ""
        if not self.project.is_own(module):
            self._not_found(source, module, alias)
            return None
        return self._from(
            self.project.find(module), self.project.find(f"{module}.{alias.name}"), source, alias, module
        )

    def _from(
        self, path: str | None, below: str | None, source: Source, alias: ast.alias, module: str = ""
    ) -> tuple[Source, str] | None:
        if path is not None:
            other = self.project.source(path)
            if alias.name in other.by_name or below is None:
                if alias.name != "*" and alias.name not in other.by_name and not other.star_imports():
                    self.refuse(source, alias.lineno, f"'{alias.name}' is not in {other.path}")
                return other, alias.name
        if below is not None:
            return self.project.source(below), ""
        self._not_found(source, module or f".{alias.name}", alias)
        return None

    def _not_found(self, source: Source, dotted: str, alias: ast.alias) -> None:
        native = self.project.native(dotted.lstrip("."))
        if native is not None:
            self.refuse(
                source,
                alias.lineno,
                f"'{dotted}' is compiled code of your own ({native}); publish it as a package",
            )
        elif dotted.startswith(".") or self.project.is_own(dotted):
            self.refuse(source, alias.lineno, f"'{dotted}' is your own code, but no file of it was found")

    def _inner_import(self, source: Source, unit: Unit, node: ast.Import | ast.ImportFrom) -> None:
        """An import inside a function or a block: code of the author's own comes in, the rest stays."""
        found = []
        for alias in node.names:
            own = self.own(source, node, alias)
            if own is None:
                continue
            other, name = own
            if name == "*":
                self.refuse(source, node.lineno, "`import *` of your own code inside a block")
                continue
            if name:
                self.enter(other, name, node.lineno)
            elif _is_dotted(node, alias):
                package = dotted_space(self, source, alias, other, unit)
                found.append(Inline(alias, package, ""))
                continue
            else:
                space(self, source, alias, other, unit)
            found.append(Inline(alias, other, name))
        if found:
            self.inlines[node] = found

    def _unbound(self, source: Source, name: str, line: int) -> None:
        """A name that no statement of the file binds: a star import's, or one made when the file is read."""
        if from_star(self, source, name, line) or name in _BUILTINS:
            return
        makers = [
            u
            for u in source.units
            if not isinstance(u.node, (*_DEFINITIONS, ast.ClassDef)) and makes_names(u.node)
        ]
        for unit in makers:
            self.include(source, unit)
        if makers:
            return
        self.notes.append(
            (line, f"name '{name}' is bound nowhere in {source.path}; using it will raise NameError")
        )

    def _changes_of(self, source: Source, name: str) -> None:
        """Statements that change the object behind a name after it was bound."""
        foreign = any(u.is_import for u in source.by_name[name]) and not (
            (source, name) in self.links or (source, name) in self.spaces
        )
        for unit in source.units:
            changed = name in unit.changes and not is_path_change(unit.node)
            changed = changed or (not foreign and decorates_with(unit, name))
            if changed or name in written_by(source, unit) or registers(source, unit, name):
                self.include(source, unit)


def _is_dotted(node: ast.stmt, alias: ast.alias) -> bool:
    return isinstance(node, ast.Import) and alias.asname is None and "." in alias.name
