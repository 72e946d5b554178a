"""A name that stands for one of the author's modules: `kit.work()`, `kit.deep.work()`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from toolreg.bundle.names import bound_by
from toolreg.bundle.units import Source

if TYPE_CHECKING:
    from toolreg.bundle.reach import Reach


def space(reach: Reach, source: Source, alias: ast.alias, other: Source) -> None:
    """`import kit`, `import kit as k`, `from . import kit`: follow every use of the module."""
    reach.attributes.setdefault(other, set())
    parents = _parents(source)
    for node in _uses(source, bound_by(alias)):
        _use(reach, source, other, node, parents.get(id(node)))


def dotted_space(reach: Reach, source: Source, alias: ast.alias, other: Source) -> None:
    """`import kit.deep`: `kit.deep.x` is of that file, `kit.x` of the package's own."""
    parents, (top, *chain) = _parents(source), alias.name.split(".")
    for node in _uses(source, top):
        place: ast.expr = node
        for part in chain:
            parent = parents.get(id(place))
            if parent is None or parent.attr != part:
                break
            place = parent
        else:
            assert isinstance(place, ast.Attribute)
            reach.dotted[place] = other
            reach.attributes.setdefault(other, set())
            _use(reach, source, other, place, parents.get(id(place)))
            continue
        _shorter(reach, source, node, parents.get(id(node)))


def _shorter(reach: Reach, source: Source, node: ast.Name, parent: ast.Attribute | None) -> None:
    """`kit.x` where `kit.deep` was imported: a name of the package, or another import's matter."""
    path = reach.project.find(node.id)
    package = reach.project.source(path) if path else None
    if parent is not None and (package is None or parent.attr not in package.by_name):
        dotted = f"{node.id}.{parent.attr}"
        names = [a.name for n in ast.walk(source.module.tree) if isinstance(n, ast.Import) for a in n.names]
        if any(f"{name}.".startswith(f"{dotted}.") for name in names):
            return
    if package is None:
        reach.refuse(
            source, node.lineno, f"'{node.id}' is a folder of yours; import what you need from it by name"
        )
        return
    reach.spaces[source, node.id] = package
    reach.attributes.setdefault(package, set())
    _use(reach, source, package, node, parent)


def _uses(source: Source, name: str) -> list[ast.Name]:
    return [n for n in ast.walk(source.module.tree) if isinstance(n, ast.Name) and n.id == name]


def _parents(source: Source) -> dict[int, ast.Attribute]:
    return {id(n.value): n for n in ast.walk(source.module.tree) if isinstance(n, ast.Attribute)}


def _use(reach: Reach, source: Source, other: Source, place: ast.expr, parent: ast.Attribute | None) -> None:
    shown = ast.unparse(place)
    if parent is None or not isinstance(parent.ctx, ast.Load):
        text = f"your module '{shown}' is used as a value; import what you need from it by name"
        reach.refuse(source, place.lineno, text)
    elif parent.attr in other.rebound:
        text = f"'{shown}.{parent.attr}' changes while the tool runs; import a function that reads it"
        reach.refuse(source, place.lineno, text)
    else:
        reach.attributes[other].add(parent.attr)
        reach.enter(other, parent.attr, place.lineno)
