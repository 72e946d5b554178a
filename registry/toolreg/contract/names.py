"""Which names of a file mean smolagents' `tool`, `Tool` or the package itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from toolreg.contract.walk import Walk

_PACKAGES = ("smolagents", "smolagents.tools")
# Classes of smolagents from which a tool may descend; all of them are Tools themselves.
_TOOL_BASES = frozenset({"Tool", "PipelineTool"})


def _is_smolagents(node: ast.ImportFrom, path: str, data: bytes) -> bool:
    """An import from smolagents, or from `.tools` in a file of smolagents itself or of a fork of it."""
    if node.level:
        return node.module == "tools" and ("smolagents" in path or b"smolagents" in data)
    return node.module in _PACKAGES


@dataclass(frozen=True)
class Names:
    """Which names of a file mean smolagents' `tool`, `Tool` or the package itself."""

    decorators: frozenset[str]
    classes: frozenset[str]
    packages: frozenset[str]

    @classmethod
    def of(cls, path: str, data: bytes, walk: Walk) -> Names:
        decorators, classes, packages = set(), set(), set()
        taken = {n.name for n in walk.nodes(ast.FunctionDef)} | {n.name for n in walk.nodes(ast.ClassDef)}
        taken |= {n.name for n in walk.nodes(ast.AsyncFunctionDef)}
        for node in walk.nodes(ast.ImportFrom):
            ours = _is_smolagents(node, path, data)
            for alias in node.names:
                bound = alias.asname or alias.name
                if ours and alias.name == "tool":
                    decorators.add(bound)
                elif ours and (alias.name in _TOOL_BASES or alias.name.endswith("Tool")):
                    classes.add(bound)
                elif not ours:
                    taken.add(bound)
        for alias in (alias for node in walk.nodes(ast.Import) for alias in node.names):
            if alias.name.split(".")[0] == "smolagents":
                packages.add(alias.asname or "smolagents")
            else:
                taken.add((alias.asname or alias.name).split(".")[0])
        # A bare `tool` or `Tool` that the file binds nowhere can only be smolagents' (a snippet, a star import).
        decorators |= {"tool"} - taken
        classes |= _TOOL_BASES - taken
        return cls(frozenset(decorators), frozenset(classes), frozenset(packages))

    def is_tool_decorator(self, node: ast.expr) -> bool:
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(target, ast.Attribute):
            return target.attr == "tool" and self._is_package(target.value)
        return _name(target) in self.decorators

    def is_tool_class(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr.endswith("Tool") and self._is_package(node.value)
        return _name(node) in self.classes

    def _is_package(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):  # smolagents.tools.tool
            return node.attr == "tools" and self._is_package(node.value)
        return _name(node) in self.packages


def _name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else None
