"""What a tool reaches: its own statement, and every import, constant, helper, class and base below it."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from toolreg.bundle.hidden import look, patches
from toolreg.bundle.importing import (
    imports_inside,
    is_for_type_checkers,
    is_path_change,
    makes_names,
)
from toolreg.bundle.names import bound_by
from toolreg.bundle.project import Project
from toolreg.bundle.units import Source, Unit, import_of
from toolreg.bundle.writers import registers, written_by

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
    """A local import inside a statement: which of the author's files it means. name "" is the module itself."""

    alias: ast.alias
    source: Source
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
    provided: set[str] = field(default_factory=set)
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
        for unit in units:
            self.include(source, unit, name)
        if not units and name not in _BUILTINS:
            self._from_star(source, name, line)
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
            self._inner_import(source, statement)
        for ref in unit.refs:
            if not (ref.stores and ref.name not in source.by_name):
                self.need(source, ref.name, getattr(ref.node, "lineno", unit.node.lineno))
        look(self, source, unit)

    def _import(self, source: Source, unit: Unit, name: str) -> None:
        alias = import_of(unit, name)
        if alias is None:
            return
        own = self._own(source, unit.node, alias)
        if own is None:
            self.units.setdefault(source, {}).setdefault(unit, set()).add(name)
            return
        other, wanted = own
        if wanted:
            self.links[source, name] = (other, wanted)
            self._enter(other, wanted, alias.lineno)
        else:
            self.spaces[source, name] = other
            self._space(
                source, name, other, isinstance(unit.node, ast.Import) and alias.asname is None, alias
            )

    def _enter(self, other: Source, name: str, line: int) -> None:
        if other in self._within:
            self.need(other, name, line)
            return
        self._within.add(other)
        self.need(other, name, line)
        patches(self, other)
        self._within.discard(other)
        self._finish(other)

    def _finish(self, source: Source) -> None:
        if source not in self.order and source in self.units:
            self.order.append(source)

    def _own(self, source: Source, node: ast.stmt, alias: ast.alias) -> tuple[Source, str] | None:
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

    def _inner_import(self, source: Source, node: ast.Import | ast.ImportFrom) -> None:
        """An import inside a function or a block: code of the author's own comes in, the rest stays."""
        found = []
        for alias in node.names:
            own = self._own(source, node, alias)
            if own is None:
                continue
            other, name = own
            if name == "*":
                self.refuse(source, node.lineno, "`import *` of your own code inside a block")
                continue
            found.append(Inline(alias, other, name))
            if name:
                self._enter(other, name, node.lineno)
            else:
                dotted = isinstance(node, ast.Import) and alias.asname is None
                self._space(source, bound_by(alias), other, dotted, alias)
        if found:
            self.inlines[node] = found

    def _space(self, source: Source, name: str, other: Source, dotted: bool, alias: ast.alias) -> None:
        """A name that stands for one of the author's modules: only its plain attributes can be followed."""
        chain = alias.name.split(".") if dotted else [name]
        if dotted and len(chain) > 1:
            self.refuse(
                source,
                alias.lineno,
                f"`import {alias.name}`: write `from {'.'.join(chain[:-1])} import {chain[-1]}`",
            )
            return
        self.attributes.setdefault(other, set())
        parents = {id(n.value): n for n in ast.walk(source.module.tree) if isinstance(n, ast.Attribute)}
        for node in ast.walk(source.module.tree):
            if not isinstance(node, ast.Name) or node.id != name:
                continue
            parent = parents.get(id(node))
            if parent is None or not isinstance(parent.ctx, ast.Load):
                self.refuse(
                    source,
                    node.lineno,
                    f"your module '{name}' is used as a value; import what you need from it by name",
                )
            elif parent.attr in other.rebound:
                self.refuse(
                    source,
                    node.lineno,
                    f"'{name}.{parent.attr}' changes while the tool runs; import a function that reads it",
                )
            else:
                self.attributes[other].add(parent.attr)
                self._enter(other, parent.attr, node.lineno)

    def _from_star(self, source: Source, name: str, line: int) -> None:
        for unit in source.star_imports():
            own = self._own(source, unit.node, unit.node.names[0])  # type: ignore[attr-defined]
            if own is None:
                self.units.setdefault(source, {}).setdefault(unit, set()).add("*")
                return
            if name in own[0].by_name and not name.startswith("_"):
                self.links[source, name] = (own[0], name)
                self._enter(own[0], name, line)
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
        for unit in source.units:
            changed = name in unit.changes and not is_path_change(unit.node)
            if changed or name in written_by(source, unit) or registers(source, unit, name):
                self.include(source, unit)
