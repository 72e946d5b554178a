"""One name for each thing in the published file, so that files with equal names do not mix."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from toolreg.bundle.names import Ref, bound_by
from toolreg.bundle.reach import Reach
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source, Unit, import_of

_BUILTINS = frozenset(dir(builtins))


@dataclass(eq=False)
class Naming:
    """Gives every module-level name of the slice its name in tool.py; the tool's own file comes first."""

    reach: Reach
    taken: dict[str, Hashable] = field(default_factory=dict)
    finals: dict[Hashable, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        several = len(self.reach.order) > 1
        for source in reversed(self.reach.order):
            for name in sorted(self._names(source)):
                identity = self.identity(source, name)
                if identity not in self.finals:
                    clash = several and name in _BUILTINS
                    self.finals[identity] = self.free(
                        f"{source.label}_{name}" if clash else name, identity, source.label
                    )
        for source in self.reach.attributes:
            if source not in self.finals:
                self.finals[source] = self.free(source.label, source, source.label)

    def free(self, wanted: str, identity: Hashable, label: str = "") -> str:
        """`wanted`, or the nearest name to it that nothing else has."""
        name, number = wanted, 1
        while self.taken.get(name, identity) != identity:
            name = f"{label}_{wanted.lstrip('_')}" if label and number == 1 else f"{wanted}_{number}"
            number += 1
        self.taken[name] = identity
        return name

    def _names(self, source: Source) -> set[str]:
        """Names that the included statements of a file bind."""
        names: set[str] = set()
        for unit, wanted in self.reach.units.get(source, {}).items():
            names |= wanted - {"*"} if unit.is_import else unit.binds
        return names | {n for s, n in (*self.reach.links, *self.reach.spaces) if s is source}

    def identity(self, source: Source, name: str) -> Hashable:
        """What a name of a file stands for: equal things of several files are one."""
        linked = self.reach.links.get((source, name))
        if (
            linked is not None
            and linked[1] == name
            and name not in linked[0].rebound
            and name not in source.rebound
        ):
            return self.identity(*linked)
        space = self.reach.spaces.get((source, name))
        if space is not None and name == space.label:
            return space
        units = source.by_name.get(name, ())
        if len(units) == 1 and units[0].is_import and linked is None and space is None:
            node, alias = units[0].node, import_of(units[0], name)
            if isinstance(node, ast.Import) and alias is not None:
                return ("import", alias.name if alias.asname else name)
            if isinstance(node, ast.ImportFrom) and alias is not None:
                return ("from", origin_of(node), alias.name)
        return (source, name)

    def final(self, source: Source, name: str) -> str:
        return self.finals.get(self.identity(source, name), name)

    def renames(self, source: Source, unit: Unit) -> Iterator[Edit]:
        """The edits that give a statement's names their names in tool.py."""
        quoted: dict[ast.Constant, dict[str, str]] = {}
        for ref in unit.refs:
            final = self.final(source, ref.name) if ref.name in source.by_name else ref.name
            if final == ref.name:
                continue
            if isinstance(ref.node, ast.Constant):
                quoted.setdefault(ref.node, {})[ref.name] = final
            else:
                yield from self._rename(source, ref, final)
        for node, finals in quoted.items():
            yield self._rename_quoted(source, node, finals)

    def _rename_quoted(self, source: Source, node: ast.Constant, finals: dict[str, str]) -> Edit:
        """A string annotation, its names renamed."""
        tree = ast.parse(str(node.value).strip(), mode="eval")
        for name in ast.walk(tree):
            if isinstance(name, ast.Name):
                name.id = finals.get(name.id, name.id)
        return Edit(*source.text.span(node), repr(ast.unparse(tree)))

    def _rename(self, source: Source, ref: Ref, final: str) -> Iterator[Edit]:
        start, end = source.text.span(ref.node)
        text = source.text.text[start:end]
        if isinstance(ref.node, ast.Name) and text == ref.name:
            yield Edit(start, end, final)
            return
        if isinstance(ref.node, ast.alias):
            whole = ref.node.name if ref.node.asname is None else text.rsplit(" as ", 1)[0]
            yield Edit(start, end, f"{whole} as {final}")
            return
        head = {
            ast.FunctionDef: "def",
            ast.AsyncFunctionDef: "def",
            ast.ClassDef: "class",
            ast.Global: "global|,",
        }.get(type(ref.node), "as")
        match = re.search(rf"(?:{head})\s*(?P<name>\b{re.escape(ref.name)}\b)", text)
        if match is None:
            line = getattr(ref.node, "lineno", 0)
            self.reach.refuse(
                source,
                line,
                f"'{ref.name}' exists in two of your files and cannot be renamed here; rename one",
            )
            return
        yield Edit(start + match.start("name"), start + match.end("name"), final)


def origin_of(node: ast.ImportFrom) -> str:
    """The module an import that stays is from; a relative one that stays is smolagents', in a fork of it."""
    return "smolagents" if node.level else node.module or ""


def import_text(node: ast.Import | ast.ImportFrom, aliases: list[tuple[ast.alias, str]]) -> str:
    """An import statement of some parts, each under the name it has in tool.py."""
    if isinstance(node, ast.Import):
        parts = [
            a.name if name == bound_by(a) and a.asname is None else f"{a.name} as {name}"
            for a, name in aliases
        ]
        return "".join(f"import {part}\n" for part in parts)
    listed = ", ".join(a.name if a.name == name else f"{a.name} as {name}" for a, name in aliases)
    line = f"from {origin_of(node)} import {listed}"
    if len(line) <= 110:
        return line + "\n"
    return f"from {origin_of(node)} import (\n    " + listed.replace(", ", ",\n    ") + ",\n)\n"
