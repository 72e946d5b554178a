"""What a file does to others when it is imported, and what it reaches without writing its name."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from toolreg.bundle.importing import (
    imported,
    imported_anywhere,
    imported_from,
    is_path_change,
    provided_module,
    sets_attribute,
    sets_item,
)
from toolreg.bundle.names import bound_by
from toolreg.bundle.told import mentions
from toolreg.bundle.units import Source, Unit, root_name
from toolreg.contract.walk import nodes_of

if TYPE_CHECKING:
    from toolreg.bundle.reach import Reach

# Calls at import that change other modules for the whole process.
_PATCHERS = {"nest_asyncio": "asyncio", "truststore": "ssl", "requests_cache": "requests"}


def patches(reach: Reach, source: Source) -> None:
    """Statements that change other people's modules when the file is imported."""
    reached = {root for s in reach.units for u in reach.units[s] for root in imported(u.node)}
    for unit in source.units:
        for name in unit.changes:
            origin = imported_from(source, name)
            if not origin or unit in reach.units.get(source, {}) or is_path_change(unit.node):
                continue
            provides = provided_module(unit.node) if origin == "sys" else None
            if provides is not None:
                if provides in reached:
                    reach.provided.add(provides)
                    reach.include(source, unit)
            elif sets_attribute(unit.node) or _PATCHERS.get(origin) in reached:
                reach.include(source, unit)
            elif sets_item(unit.node):
                reach.notes.append(
                    (
                        unit.node.lineno,
                        f"not published: what this line changes in '{name}' when the file is imported",
                    )
                )
        _note_call(reach, source, unit)


def _note_call(reach: Reach, source: Source, unit: Unit) -> None:
    """`load_dotenv()`, `nltk.download(…)`: what such a call leaves behind does not come along."""
    call = unit.node.value if isinstance(unit.node, ast.Expr) else None
    if not isinstance(call, ast.Call) or unit in reach.units.get(source, {}):
        return
    origin = imported_from(source, root_name(call.func) or "")
    if origin and origin not in ("sys", "logging", "warnings", "smolagents"):
        reach.notes.append(
            (
                unit.node.lineno,
                f"not published: what `{ast.unparse(call.func)}(…)` does when the file is imported",
            )
        )


def look(reach: Reach, source: Source, unit: Unit) -> None:
    """Code that finds names by other means than writing them, and code that smolagents would take for this."""
    for node in mentions(unit.node):
        line = getattr(node, "lineno", unit.node.lineno)
        reach.refuse(source, line, "sets `__source__`, which smolagents would run in place of the code")
    data_files(reach, source, unit)
    for node in nodes_of(unit.node):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if (
            node.func.id in ("globals", "vars", "locals")
            and not node.args
            and "globals" not in source.by_name
        ):
            if node.func.id == "globals":
                _everything(reach, source, imports_only=False)
        elif node.func.id in ("eval", "exec") and len(node.args) == 1 and not node.keywords:
            _everything(reach, source, imports_only=True)


_READS_DATA = frozenset({"files", "read_text", "open_text", "read_binary", "open_binary", "path", "contents", "is_resource",
                         "get_data", "resource_string", "resource_stream", "resource_filename"})  # fmt: skip
_OF_DATA = ("importlib", "importlib_resources", "pkgutil", "pkg_resources")


def data_files(reach: Reach, source: Source, unit: Unit) -> None:
    """A file that lies beside the author's module: smolagents fetches tool.py alone, so it would not be there."""
    for node in ast.walk(unit.node):
        if not isinstance(node, ast.Call) or any(node in ast.walk(read) for read in reach.data):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        root = root_name(node.func) or ""
        if name not in _READS_DATA or imported_anywhere(source, unit.node, root) not in _OF_DATA:
            continue
        first = node.args[0] if node.args else None
        dotted = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
        here = isinstance(first, ast.Name) and first.id in ("__name__", "__package__")
        if (
            first is None
            or here
            or (dotted and reach.project.is_own(dotted))
            or _is_own_module(reach, source, first)
        ):
            text = f"`{ast.unparse(node)[:60]}` reads a file of your package, and smolagents fetches tool.py alone"
            reach.refuse(
                source,
                node.lineno,
                f"{text}; write the data into the file as a constant, or take it as an argument",
            )


def _is_own_module(reach: Reach, source: Source, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and (source, node.id) in reach.spaces


def _everything(reach: Reach, source: Source, *, imports_only: bool) -> None:
    """Whatever the file binds may be asked for by a name made at run time."""
    tools = {id(t.node) for t in source.module.tools}
    for unit in source.units:
        if isinstance(unit.node, ast.Import):
            for alias in unit.node.names:
                if not imports_only or alias.name.split(".")[0] in sys.stdlib_module_names:
                    reach.need(source, bound_by(alias), unit.node.lineno)
        elif (
            isinstance(unit.node, (ast.FunctionDef, ast.ClassDef, ast.Assign))
            and not imports_only
            and id(unit.node) not in tools
        ):
            for name in sorted(unit.binds):
                reach.need(source, name, unit.node.lineno)
