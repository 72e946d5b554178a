"""The text of tool.py: the slice in the author's own words, then the class that smolagents loads."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from toolreg.bundle.data import Data
from toolreg.bundle.fields import field_edits
from toolreg.bundle.importing import binds
from toolreg.bundle.names import bound_by
from toolreg.bundle.naming import Naming, import_text
from toolreg.bundle.reach import Inline, Reach
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source, Unit
from toolreg.contract.walk import nodes_of

HEADER = "# Made by `toolreg build`: the tool and all it reaches, in the author's words. Change the source, not this file.\n"


@dataclass(eq=False)
class Emitter:
    """Writes the slice. edits: the changes a statement needs beside renaming (decorators, docstring, constructor)."""

    reach: Reach
    naming: Naming
    edits: dict[Unit, list[Edit]] = field(default_factory=dict)
    # (file, name) → a second name, for functions in which the first one means something else.
    second: dict[tuple[Source, str], str] = field(default_factory=dict)
    # (…, path, text) of a data file → the name of its constant.
    constants: dict[tuple[str, str, bool], tuple[str, Data]] = field(default_factory=dict)
    _written: set[str] = field(default_factory=set)

    def imports_and_code(self) -> tuple[list[str], list[str]]:
        """(import statements, everything else), in the order of the files and their lines."""
        imports: list[str] = []
        code: list[str] = []
        self._name_seconds()
        for source in self.reach.order:
            leading, before = True, len(code)
            for unit in self._units(source):
                leading = leading and (unit.is_import or _is_docstring(unit.node))
                if not unit.is_import:
                    self._check_order(source, unit)
                    code.append(self._statement(source, unit))
                    continue
                for text in self._import(source, unit):
                    if text not in self._written:
                        self._written.add(text)
                        (imports if leading else code).append(text)
                code += [
                    self._alias(source, name)
                    for name in sorted(unit.binds)
                    if not self._comes_later(source, name)
                ]
            code += self._after(source)
            if len(self.reach.order) > 1 and any(code[before:]):
                code.insert(before, f"# From {os.path.basename(source.path)}:\n")
        told = [data.constant(name) for name, data in self.constants.values()]
        return imports, [*told, *(text for text in code if text)]

    def _target(self, source: Source, name: str) -> Source | None:
        """The file behind a name that was imported from another of the author's files."""
        linked = self.reach.links.get((source, name))
        return linked[0] if linked is not None else self.reach.spaces.get((source, name))

    def _comes_later(self, source: Source, name: str) -> bool:
        """True if that file follows this one: the two import each other."""
        target, order = self._target(source, name), self.reach.order
        return target is not None and (target in order and order.index(target) > order.index(source))

    def _check_order(self, source: Source, unit: Unit) -> None:
        for ref in unit.refs:
            if not ref.deferred and not ref.stores and self._comes_later(source, ref.name):
                line = getattr(ref.node, "lineno", unit.node.lineno)
                self.reach.refuse(
                    source,
                    line,
                    f"circular import: '{ref.name}' is needed while the file it comes from is not read yet",
                )

    def _after(self, source: Source) -> list[str]:
        """What follows a file's statements: its namespace, and names of files that came before and import it."""
        texts = self._space(source)
        for other, name in (*self.reach.links, *self.reach.spaces):
            if self._target(other, name) is source and self._comes_later(other, name):
                texts.append(self._alias(other, name))
        for (target, name), second in self.second.items():
            if target is source:
                texts.append(
                    f"{second} = {self.naming.final(target, name) if name else self.naming.finals[target]}\n"
                )
        return texts

    def _name_seconds(self) -> None:
        for source in self.reach.order:
            for unit in self.reach.units.get(source, {}):
                for inline in (i for node in nodes_of(unit.node) for i in self.reach.inlines.get(node, ())):
                    if inline.source is not None and not self._is_plain(
                        unit, inline.alias, inline.source, inline.name
                    ):
                        key = (inline.source, inline.name)
                        wanted = f"_{inline.source.label}_{inline.name.lstrip('_')}".rstrip("_")
                        self.second.setdefault(key, self.naming.free(wanted, ("second", key)))

    def _is_plain(self, unit: Unit, alias: ast.alias, origin: Source, named: str) -> bool:
        """True if the statement may go: the name means the same in the whole file."""
        name = bound_by(alias)
        final = self.naming.final(origin, named) if named else self.naming.finals[origin]
        others = [n for n in nodes_of(unit.node) if n is not alias and binds(n, name)]
        return final == name and not others

    def _units(self, source: Source) -> list[Unit]:
        wanted = set(self.reach.units.get(source, ()))
        wanted |= {
            u
            for (s, name) in (*self.reach.links, *self.reach.spaces)
            if s is source
            for u in source.by_name.get(name, ())
            if u.is_import
        }
        return sorted(wanted, key=lambda u: u.order)

    def _statement(self, source: Source, unit: Unit) -> str:
        instead = list(self._instead(source, unit))
        renames = list(self.naming.renames(source, unit))
        renames = [e for e in renames if not any(i.start <= e.start < i.end for i in instead)] + instead
        edits = [
            *renames,
            *self.edits.get(unit, []),
            *self._inlined(source, unit),
            *field_edits(source, unit, renames),
        ]
        edits += [e for d in unit.decorators for e in [_without_decorator(source, d)]]
        return source.unit_text(unit, edits) + self._own_name(source, unit.node)

    def _own_name(self, source: Source, node: ast.stmt) -> str:
        """A class that goes by another name here still says its own: in `repr`, and where it is raised."""
        final = self.naming.final(source, node.name) if isinstance(node, ast.ClassDef) else ""
        if not isinstance(node, ast.ClassDef) or final == node.name:
            return ""
        return f"{final}.__name__ = {final}.__qualname__ = {node.name!r}\n"

    def _instead(self, source: Source, unit: Unit) -> Iterator[Edit]:
        """Whole expressions that become a name: a module with its dots, a read of a data file."""
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Attribute) and node in self.reach.dotted:
                yield Edit(*source.text.span(node), self.naming.finals[self.reach.dotted[node]])
            elif isinstance(node, ast.Call) and (read := self.reach.data.get(node)) is not None:
                yield Edit(*source.text.span(node), read.replacement(self._constant(read)))

    def _constant(self, data: Data) -> str:
        """The name of a data file's constant, which goes above all code."""
        key = ("data", data.path, data.text)
        if key not in self.constants:
            self.constants[key] = (self.naming.free(data.name, key), data)
        return self.constants[key][0]

    def _import(self, source: Source, unit: Unit) -> list[str]:
        assert isinstance(unit.node, (ast.Import, ast.ImportFrom))
        wanted = self.reach.units.get(source, {}).get(unit, set())
        if "*" in wanted:
            return [f"from {unit.node.module} import *\n"] if isinstance(unit.node, ast.ImportFrom) else []
        outside = [
            (a, self.naming.final(source, bound_by(a))) for a in unit.node.names if bound_by(a) in wanted
        ]
        whole = len(outside) == len(unit.node.names) and all(bound_by(a) == name for a, name in outside)
        relative = isinstance(unit.node, ast.ImportFrom) and unit.node.level > 0
        if whole and not relative and not unit.columns and not source.shares_a_line(unit):
            return [source.unit_text(unit, [])]
        text = import_text(unit.node, outside) if outside else ""
        return text.splitlines(keepends=True) if isinstance(unit.node, ast.Import) else [text] if text else []

    def _alias(self, source: Source, name: str) -> str:
        """`short = long`, where a name of another of the author's files goes by a second name."""
        final = self.naming.final(source, name)
        if (source, name) in self.reach.spaces:
            target = self.naming.finals[self.reach.spaces[source, name]]
        elif (source, name) in self.reach.links:
            target = self.naming.final(*self.reach.links[source, name])
        else:
            return ""
        return "" if final == target else f"{final} = {target}\n"

    def _inlined(self, source: Source, unit: Unit) -> Iterable[Edit]:
        """Imports of the author's own code inside a statement become names of this file."""
        for node in nodes_of(unit.node):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node in self.reach.inlines:
                start, end = source.text.span(node)
                yield Edit(start, end, self._inline_text(unit, node, self.reach.inlines[node]))

    def _inline_text(self, unit: Unit, node: ast.Import | ast.ImportFrom, inlines: list[Inline]) -> str:
        gone = {id(i.alias) for i in inlines}
        rest = [(a, bound_by(a)) for a in node.names if id(a) not in gone]
        parts = import_text(node, rest).strip().split("\n") if rest else []
        parts += [
            f"{bound_by(i.alias)} = {self.second[i.source, i.name]}"
            for i in inlines
            if i.source is not None and not self._is_plain(unit, i.alias, i.source, i.name)
        ]
        return "; ".join(parts) or "pass"

    def _space(self, source: Source) -> list[str]:
        if source not in self.reach.attributes:
            return []
        names = sorted(self.reach.attributes[source])
        listed = ", ".join(f"{n}={self.naming.final(source, n)}" for n in names)
        return [f"{self.naming.finals[source]} = types.SimpleNamespace({listed})\n"]


def _without_decorator(source: Source, decorator: ast.expr) -> Edit:
    """The edit that takes a decorator away, its line and comment included."""
    start, _ = source.text.span(decorator)
    start = source.text.text.rindex("@", 0, start)
    end = source.text.line_start((decorator.end_lineno or decorator.lineno) + 1)
    return Edit(start, end, "")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
