"""A name that stands for one of the author's modules: `kit.work()`, `kit.deep.work()`."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from toolreg.bundle.importing import binds
from toolreg.bundle.names import bound_by
from toolreg.bundle.units import Source, Unit
from toolreg.contract.walk import nodes_of

if TYPE_CHECKING:
    from toolreg.bundle.reach import Reach


def space(reach: Reach, source: Source, alias: ast.alias, other: Source, block: Unit | None = None) -> None:
    """`import kit`, `import kit as k`, `from . import kit`: follow every use of the module.

    block: the statement that the import stands in, where it does not stand at the top of the file.
    """
    reach.attributes.setdefault(other, set())
    parents = _parents(source)
    for node in _uses(reach, source, bound_by(alias), block):
        _use(reach, source, other, node, parents.get(id(node)))


def dotted_space(
    reach: Reach, source: Source, alias: ast.alias, other: Source, block: Unit | None = None
) -> Source | None:
    """`import kit.deep`: `kit.deep.x` is of that file, `kit.x` of the package's own, which is given if it is used."""
    parents, (top, *chain) = _parents(source), alias.name.split(".")
    package = None
    for node in _uses(reach, source, top, block):
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
        package = _shorter(reach, source, node, parents.get(id(node)), block) or package
    return package


def _shorter(
    reach: Reach, source: Source, node: ast.Name, parent: ast.Attribute | None, block: Unit | None
) -> Source | None:
    """`kit.x` where `kit.deep` was imported: a name of the package, or another import's matter."""
    path = reach.project.find(node.id)
    package = reach.project.source(path) if path else None
    if parent is not None and (package is None or parent.attr not in package.by_name):
        dotted = f"{node.id}.{parent.attr}"
        names = [a.name for n in ast.walk(source.module.tree) if isinstance(n, ast.Import) for a in n.names]
        if any(f"{name}.".startswith(f"{dotted}.") for name in names):
            return None
    if package is None:
        reach.refuse(
            source, node.lineno, f"'{node.id}' is a folder of yours; import what you need from it by name"
        )
        return None
    if block is None:
        reach.spaces[source, node.id] = package
    reach.attributes.setdefault(package, set())
    _use(reach, source, package, node, parent)
    return package


def _uses(reach: Reach, source: Source, name: str, block: Unit | None) -> list[ast.Name]:
    """Where the module is meant: everywhere in the file by Python's scopes, or in the statement that imports it."""
    if block is None or name in block.binds:
        refs = [r.node for u in source.units for r in u.refs if r.name == name]
        return [n for n in refs if isinstance(n, ast.Name)]
    same = {id(a) for a in _same_module(reach, source, name, block)}
    for node in nodes_of(block.node):
        if binds(node, name) and id(node) not in same:
            line = getattr(node, "lineno", block.node.lineno)
            reach.refuse(source, line, f"'{name}' is your module and something else in one block; rename one")
            return []
    return [n for n in nodes_of(block.node) if isinstance(n, ast.Name) and n.id == name]


def _same_module(reach: Reach, source: Source, name: str, block: Unit) -> list[ast.alias]:
    """Parts of the block's imports that bind the name, if all mean one of the author's modules or packages."""
    found: dict[ast.alias, object] = {}
    for node in nodes_of(block.node):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if bound_by(alias) == name:
                plain = isinstance(node, ast.Import) and alias.asname is None
                found[alias] = "package" if plain else reach.own(source, node, alias)
    return list(found) if len(set(found.values())) == 1 else []


def _parents(source: Source) -> dict[int, ast.Attribute]:
    return {id(n.value): n for n in ast.walk(source.module.tree) if isinstance(n, ast.Attribute)}


def _use(reach: Reach, source: Source, other: Source, place: ast.expr, parent: ast.Attribute | None) -> None:
    shown = ast.unparse(place)
    below = _submodule(reach, other, parent)
    if parent is not None and below is not None:
        reach.dotted[parent] = below
        reach.attributes.setdefault(below, set())
        _use(reach, source, below, parent, _parents(source).get(id(parent)))
    elif parent is None or not isinstance(parent.ctx, ast.Load):
        text = f"your module '{shown}' is used as a value; import what you need from it by name"
        reach.refuse(source, place.lineno, text)
    elif parent.attr in other.rebound:
        text = f"'{shown}.{parent.attr}' changes while the tool runs; import a function that reads it"
        reach.refuse(source, place.lineno, text)
    else:
        reach.attributes[other].add(parent.attr)
        reach.enter(other, parent.attr, place.lineno)


def _submodule(reach: Reach, package: Source, parent: ast.Attribute | None) -> Source | None:
    """`kit.deep` where `deep` is no name in the package but a file of it."""
    if parent is None or not package.path.endswith("__init__.py") or parent.attr in package.by_name:
        return None
    path = reach.project.at(os.path.join(os.path.dirname(package.path), parent.attr))
    return reach.project.source(path) if path is not None else None
