"""`import` statements: other packages by name, the project's own modules read too."""

from __future__ import annotations

import ast

from toolreg.infer.attrs import attribute, of_module
from toolreg.infer.catalogue import is_stdlib
from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope, Space
from toolreg.infer.values import FileModule, Value, api, unknown


def import_names(m: Machine, node: ast.Import, scope: Scope) -> bool:
    for alias in node.names:
        whole = module_value(m, alias.name, node)
        if alias.asname:
            scope.set(alias.asname, whole)
        else:
            top = alias.name.partition(".")[0]
            scope.set(top, whole if top == alias.name else module_value(m, top, node))
    return True


def import_from(m: Machine, node: ast.ImportFrom, scope: Scope) -> bool:
    module = absolute(m.frame.space, node.module or "", node.level)
    for alias in node.names:
        if alias.name == "*":
            m.frame.space.stars.append(module_value(m, module, node, relative=node.level > 0))
            continue
        scope.set(alias.asname or alias.name, _member(m, module, alias.name, node))
    return True


def _member(m: Machine, module: str, name: str, node: ast.ImportFrom) -> Value:
    whole = module_value(m, module, node, relative=node.level > 0)
    if len(whole) == 1 and isinstance(whole[0], FileModule):
        return of_module(m, whole[0], name, node)
    if node.level > 0 and not m.catalogue.knows(module):
        return unknown(f"module `{module or '.'}` is out of sight")
    return attribute(m, whole, name, node)


def module_value(m: Machine, name: str, node: ast.AST, *, relative: bool = False) -> Value:
    """The module of that dotted name."""
    if relative or not is_stdlib(name):
        space = m.find_module(name, m.frame.space)
        if space is not None:
            took = space.sink
            if took is not None and took is not m.sink:
                m.sink.absorb(took, m.frame.via if m.frame.via[:1] != ("import",) else ())
            return (FileModule(space),)
    if name == "antigravity":  # opens a page when it is imported
        m.effect("run", "browser", node, name)
    return api(name)


def absolute(space: Space, module: str, level: int) -> str:
    """The dotted name that a relative import means."""
    if level == 0:
        return module
    base = space.package.split(".") if space.package else []
    base = base[: len(base) - (level - 1)] if level > 1 else base
    return ".".join([*base, module] if module else base)
