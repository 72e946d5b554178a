"""Who else writes to a name when the file is imported: decorators, bare calls, subclasses that register."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.bundle.units import DEFINITIONS, Source, Unit, root_name

_IN_PLACE = frozenset({"setattr", "delattr", "object.__setattr__", "type.__setattr__", "list.sort", "list.append",
                       "dict.update", "dict.setdefault", "random.shuffle", "shuffle", "heapq.heapify", "heapify",
                       "heapq.heappush", "heappush", "bisect.insort", "insort", "operator.setitem", "operator.iadd", "exec"})  # fmt: skip


def written_by(source: Source, unit: Unit) -> frozenset[str]:
    """Names written by the author's own function that a bare call or a decorator runs at import."""
    calls: list[ast.expr] = list(getattr(unit.node, "decorator_list", []))
    if isinstance(unit.node, ast.Expr) and isinstance(unit.node.value, ast.Call):
        calls.append(unit.node.value.func)
    roots = {root_name(c) for c in calls}
    written = frozenset(n for root in roots for n in source.writers.get(root or "", ()))
    return written | frozenset(_handed_over(source, unit.node))


def _handed_over(source: Source, node: ast.stmt) -> Iterator[str]:
    """Names given to a bare call that may change what they stand for: `setattr(Options, …)`, `fill(TABLE)`."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return
    own = isinstance(call.func, ast.Name) and call.func.id in source.writers
    if own or ast.unparse(call.func) in _IN_PLACE:
        for argument in [*call.args, *(k.value for k in call.keywords)]:
            name = root_name(argument) if not isinstance(argument, ast.Call) else None
            defined = any(isinstance(u.node, DEFINITIONS) for u in source.by_name.get(name or "", ()))
            if name and not (own and defined):
                yield name


def registers(source: Source, unit: Unit, name: str) -> bool:
    """True if the statement is a subclass of a class that lists its subclasses (itself, or under `name`)."""
    if not isinstance(unit.node, ast.ClassDef):
        return False
    for base in unit.node.bases:
        root = root_name(base) or ""
        classes = [u.node for u in source.by_name.get(root, ()) if isinstance(u.node, ast.ClassDef)]
        keeps = any(getattr(member, "name", "") == "__init_subclass__" for c in classes for member in c.body)
        if keeps and (name == root or name in source.writers.get(root, ())):
            return True
    return False


def decorates_with(unit: Unit, name: str) -> bool:
    """True if a definition is handed to something of `name` when the file is read: `@show.register`."""
    for decorator in getattr(unit.node, "decorator_list", []):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and root_name(called) == name:
            return True
    return False
