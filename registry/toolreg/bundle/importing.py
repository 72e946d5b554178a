"""What a statement does when its file is imported, told from its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.bundle.names import bound_by
from toolreg.bundle.units import Source, import_of
from toolreg.contract.walk import nodes_of


def makes_names(node: ast.stmt) -> bool:
    """`globals().update(…)` or `exec(…)` at the top of a file: it binds names that stand nowhere."""
    return any(
        isinstance(n, ast.Call)
        and isinstance(n.func, ast.Name)
        and n.func.id in ("globals", "vars", "locals", "exec")
        for n in nodes_of(node)
    )


def is_for_type_checkers(node: ast.stmt) -> bool:
    """`if TYPE_CHECKING:` without an else: nothing in it exists when the code runs."""
    return isinstance(node, ast.If) and not node.orelse and _asks_for_checkers(node)


def _asks_for_checkers(node: ast.If) -> bool:
    return "TYPE_CHECKING" in (getattr(node.test, "id", ""), getattr(node.test, "attr", ""))


def imports_inside(node: ast.stmt) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports in a statement, those for type checkers aside."""
    unread = {
        id(inner)
        for child in nodes_of(node)
        if isinstance(child, ast.If) and _asks_for_checkers(child)
        for statement in child.body
        for inner in ast.walk(statement)
    }
    for child in nodes_of(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)) and id(child) not in unread:
            yield child


def imported(node: ast.AST) -> set[str]:
    """Top-level names of the modules that code imports."""
    found = set()
    for child in nodes_of(node):
        if isinstance(child, ast.Import):
            found |= {a.name.split(".")[0] for a in child.names}
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            found.add(child.module.split(".")[0])
    return found


def imported_from(source: Source, name: str) -> str:
    """The top-level module that a name of the file was imported from, or ""."""
    for unit in source.by_name.get(name, ()):
        if isinstance(unit.node, ast.Import):
            alias = import_of(unit, name)
            return alias.name.split(".")[0] if alias else ""
        if isinstance(unit.node, ast.ImportFrom) and not unit.node.level:
            return (unit.node.module or "").split(".")[0]
    return ""


def imported_anywhere(source: Source, node: ast.AST, name: str) -> str:
    """Like `imported_from`, imports inside the code itself included."""
    for statement in ast.walk(node):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                if alias.name != "*" and bound_by(alias) == name:
                    module = alias.name if isinstance(statement, ast.Import) else statement.module or ""
                    return module.split(".")[0]
    return imported_from(source, name)


def is_path_change(node: ast.stmt) -> bool:
    """`sys.path.insert(…)`: the author's own modules come in as text, so where they stand no longer matters."""
    return any(
        isinstance(n, ast.Attribute)
        and n.attr == "path"
        and isinstance(n.value, ast.Name)
        and n.value.id == "sys"
        for n in nodes_of(node)
    )


def provided_module(node: ast.stmt) -> str | None:
    """`sys.modules["name"] = …` → "name"."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        key = node.targets[0].slice
        if ast.unparse(node.targets[0].value) == "sys.modules" and isinstance(key, ast.Constant):
            return str(key.value)
    return None


def sets_attribute(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Assign, ast.AugAssign)) and any(
        isinstance(t, ast.Attribute)
        for t in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )


def sets_item(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Subscript) for t in node.targets)


def binds(node: ast.AST, name: str) -> bool:
    """True if this very node binds a name."""
    match node:
        case ast.Name(id=found, ctx=ast.Store() | ast.Del()) | ast.arg(arg=found):
            return found == name
        case ast.alias():
            return node.name != "*" and bound_by(node) == name
        case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
            return found == name
    return False
