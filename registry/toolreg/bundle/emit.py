"""The text of tool.py: the slice in the author's own words, then the class that smolagents loads."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from toolreg.bundle.names import bound_by
from toolreg.bundle.naming import Naming, import_text
from toolreg.bundle.reach import Inline, Reach
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source, Unit

HEADER = "# Made by `toolreg build`: the tool and all it reaches, in the author's words. Change the source, not this file.\n"


@dataclass(eq=False)
class Emitter:
    """Writes the slice. edits: the changes a statement needs beside renaming (decorators, docstring, constructor)."""

    reach: Reach
    naming: Naming
    edits: dict[Unit, list[Edit]] = field(default_factory=dict)
    _written: set[str] = field(default_factory=set)

    def imports_and_code(self) -> tuple[list[str], list[str]]:
        """(import statements, everything else), in the order of the files and their lines."""
        imports: list[str] = []
        code: list[str] = []
        for source in self.reach.order:
            leading = True
            for unit in self._units(source):
                leading = leading and (unit.is_import or _is_docstring(unit.node))
                if not unit.is_import:
                    code.append(self._statement(source, unit))
                    continue
                for text in self._import(source, unit):
                    if text not in self._written:
                        self._written.add(text)
                        (imports if leading else code).append(text)
                code += [line for name in sorted(unit.binds) if (line := self._alias(source, name))]
            code += self._space(source)
        return imports, code

    def _units(self, source: Source) -> list[Unit]:
        wanted = set(self.reach.units.get(source, ()))
        wanted |= {u for (s, name) in (*self.reach.links, *self.reach.spaces) if s is source for u in source.by_name.get(name, ())}
        return sorted(wanted, key=lambda u: u.order)

    def _statement(self, source: Source, unit: Unit) -> str:
        edits = [*self.naming.renames(source, unit), *self.edits.get(unit, []), *self._inlined(source, unit)]
        edits += [e for d in unit.decorators for e in [_without_decorator(source, d)]]
        return source.unit_text(unit, edits)

    def _import(self, source: Source, unit: Unit) -> list[str]:
        assert isinstance(unit.node, (ast.Import, ast.ImportFrom))
        wanted = self.reach.units.get(source, {}).get(unit, set())
        if "*" in wanted:
            return [f"from {unit.node.module} import *\n"] if isinstance(unit.node, ast.ImportFrom) else []
        outside = [(a, self.naming.final(source, bound_by(a))) for a in unit.node.names if bound_by(a) in wanted]
        whole = len(outside) == len(unit.node.names) and all(bound_by(a) == name for a, name in outside)
        if whole and not unit.columns and not source.shares_a_line(unit):
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
        for node, inlines in self.reach.inlines.items():
            if any(child is node for child in ast.walk(unit.node)):
                start, end = source.text.span(node)
                yield Edit(start, end, self._inline_text(node, inlines))

    def _inline_text(self, node: ast.stmt, inlines: list[Inline]) -> str:
        assert isinstance(node, (ast.Import, ast.ImportFrom))
        gone = {id(i.alias) for i in inlines}
        rest = [(a, bound_by(a)) for a in node.names if id(a) not in gone]
        parts = import_text(node, rest).strip().split("\n") if rest else []
        for inline in inlines:
            final = self.naming.final(inline.source, inline.name) if inline.name else self.naming.finals[inline.source]
            if final != bound_by(inline.alias):
                parts.append(f"{bound_by(inline.alias)} = {final}")
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
