"""Names in sight: scopes that remember what a branch changed, and the files they belong to."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from toolreg.infer.values import Const, Text, Value, join, matters

if TYPE_CHECKING:
    from toolreg.infer.sink import Sink


class Scope:
    """The names of a module, function, class body or comprehension."""

    __slots__ = ("declared", "functions", "inner", "late", "log", "names", "owner", "up")

    def __init__(self, up: Scope | None) -> None:
        self.up = up
        self.names: dict[str, Value] = {}
        self.declared: dict[str, Scope] | None = None  # `global` and `nonlocal` names
        self.log: dict[str, Value | None] | None = None
        self.owner: object = None
        self.inner = False  # functions were made here, which see what changes
        self.functions = False  # one that may be called
        self.late = False  # a `global` or `nonlocal` name got another value

    def get(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.up
        return None

    def set(self, name: str, value: Value) -> None:
        if self.declared is not None and name in self.declared:
            there = self.declared[name].names
            before = there.get(name)
            there[name] = join(before, value) if before is not None else value
            if there[name] != before and matters(value):
                self.late = True
                self.functions = self.functions or any(not isinstance(a, (Const, Text)) for a in value)
            return
        if self.log is not None and name not in self.log:
            self.log[name] = self.names.get(name)
        self.names[name] = value

    def begin(self) -> dict[str, Value | None] | None:
        """Start a branch; returns what `end` needs."""
        outer, self.log = self.log, {}
        return outer

    def end(self, outer: dict[str, Value | None] | None) -> dict[str, Value]:
        """Take a branch back; returns what it changed."""
        log, self.log = self.log or {}, outer
        changed = {name: self.names[name] for name in log if name in self.names}
        for name, old in log.items():
            if old is None:
                self.names.pop(name, None)
            else:
                self.names[name] = old
        return changed

    def merge(self, branches: list[dict[str, Value]]) -> None:
        """Continue after branches of which one has run."""
        for name in {name for branch in branches for name in branch}:
            before = self.names.get(name)
            value: Value | None = None
            for branch in branches:
                one = branch.get(name, before)
                if one is not None:
                    value = one if value is None else join(value, one)
            if value is not None:
                self.set(name, value)


class Space:
    """One file that is read: its path, tree, top-level names and what importing it does."""

    __slots__ = ("decorated", "name", "package", "path", "scope", "sink", "stars", "tree")

    def __init__(self, path: str, name: str, package: str, tree: ast.Module) -> None:
        self.path, self.name, self.package, self.tree = path, name, package, tree
        self.scope = Scope(None)
        self.stars: list[Value] = []
        self.sink: Sink | None = None
        self.decorated: dict[ast.AST, Value] = {}
