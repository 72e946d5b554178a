"""What tool.py needs installed: import names → distributions, pinned to what is installed here."""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from typing import Any

from packaging.utils import canonicalize_name

from toolreg.bundle.model import Requirement

_OLDEST = (3, 10)  # smolagents' own oldest
_COMPARES: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.GtE: operator.ge, ast.Gt: operator.gt, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
_CATCHES = frozenset({"ImportError", "ModuleNotFoundError"})


@dataclass(frozen=True, slots=True)
class Imported:
    """One import of tool.py. dotted: as written (`google.cloud.storage`). optional: the code goes on without it."""

    dotted: str
    line: int
    optional: bool


def requirements_of(
    code: str, *, provided: Iterable[str] = ()
) -> tuple[tuple[Requirement, ...], tuple[tuple[str, int], ...]]:
    """(requirements, imports that nothing provides) of a published file.

    provided: modules that the file itself puts into sys.modules.
    """
    own = frozenset(provided)
    found: dict[str, list[Imported]] = {}
    missing: dict[str, int] = {}
    for item in imports_of(code):
        top = item.dotted.split(".")[0]
        if top in sys.stdlib_module_names or top in own or top == "__future__":
            continue
        name = distribution_of(item.dotted)
        if name is not None:
            found.setdefault(name, []).append(item)
        elif not item.optional:
            missing.setdefault(top, item.line)
    requirements = tuple(
        Requirement(
            name,
            version_of(name),
            tuple(sorted({i.dotted.split(".")[0] for i in items})),
            all(i.optional for i in items),
        )
        for name, items in sorted(found.items())
    )
    return requirements, tuple(sorted(missing.items()))


def requirements_text(requirements: Iterable[Requirement]) -> bytes:
    """requirements.txt."""
    return "".join(f"{r}\n" for r in requirements).encode()


def imports_of(code: str) -> list[Imported]:
    """Every import of the file, in functions, blocks and `try` too; those only for type checkers left out."""
    return list(_imports(ast.parse(code), optional=False))


def _imports(node: ast.AST, *, optional: bool) -> Iterator[Imported]:
    match node:
        case ast.Import(names=names):
            yield from (Imported(a.name, node.lineno, optional) for a in names)
        case ast.ImportFrom(module=str() as module, level=0, names=names):
            yield from (
                Imported(f"{module}.{a.name}" if a.name != "*" else module, node.lineno, optional)
                for a in names
            )
        case ast.expr():
            return  # no expression holds a statement
        case _:
            for child, maybe in _children(node):
                yield from _imports(child, optional=optional or maybe)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """(part, whether the code goes on without what it imports) of a statement; what is never run left out."""
    match node:
        case ast.If(test=test, orelse=rest) if _is_type_checking(test):
            yield from ((part, False) for part in rest)
        case ast.If(test=test) if _holds(test, _OLDEST) is not None:
            yield from ((part, not taken) for parts, taken in _branches(node) for part in parts)
        case ast.Try(handlers=handlers, body=body) if any(_goes_on(h) for h in handlers):
            yield from ((part, True) for part in body)
            yield from ((part, False) for part in (*handlers, *node.orelse, *node.finalbody))
        case _:
            yield from ((part, False) for part in ast.iter_child_nodes(node))


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _branches(node: ast.If) -> Iterator[tuple[list[ast.stmt], bool]]:
    """(statements, taken by this Python) of a test on the version; a branch for Pythons too old for smolagents left out."""
    least, here = _holds(node.test, _OLDEST), _holds(node.test, sys.version_info[:2])
    for statements, value in ((node.body, True), (node.orelse, False)):
        if value in (least, here):
            yield statements, value == here


def _holds(test: ast.expr, version: tuple[int, int]) -> bool | None:
    """Whether `sys.version_info >= (3, 11)` or the like holds for a Python; None for any other test."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[ast.Tuple(elts=parts)]):
            dotted = ast.unparse(left.value if isinstance(left, ast.Subscript) else left)
            wanted = tuple(p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, int))
            compare = _COMPARES.get(type(op))
            if dotted in ("sys.version_info", "version_info") and compare is not None and wanted:
                return bool(compare(version, wanted[:2]))
    return None


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """True if a missing module is caught and the code goes on without it."""
    names = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)}
        if handler.type is not None
        else set()
    )
    return bool(names & _CATCHES) and not any(
        isinstance(n, ast.Raise) for s in handler.body for n in ast.walk(s)
    )


def distribution_of(dotted: str) -> str | None:
    """The distribution that provides a dotted import: as installed here, then as the shipped table knows it."""
    parts = dotted.split(".")
    table = _table()
    installed = _installed().get(parts[0], ())
    if len(installed) == 1:
        return installed[0]
    for length in range(len(parts), 0, -1):
        known = table.get(".".join(parts[:length]))
        if known is not None and (not installed or known in installed or length > 1):
            return known
    return _owner(dotted, installed) if installed else None


@cache
def _installed() -> dict[str, tuple[str, ...]]:
    """Top-level import name → canonical names of the installed distributions that provide it."""
    return {
        top: tuple(sorted({canonicalize_name(n) for n in names}))
        for top, names in metadata.packages_distributions().items()
    }


def _owner(dotted: str, candidates: tuple[str, ...]) -> str | None:
    """Of several distributions that share a namespace package, the one that has the module's file."""
    parts = dotted.split(".")
    for length in range(len(parts), 1, -1):
        base = "/".join(parts[:length])
        for name in candidates:
            files = metadata.files(name) or []
            if any(
                str(f) in (f"{base}.py", f"{base}/__init__.py") or str(f).startswith(f"{base}/")
                for f in files
            ):
                return name
    return candidates[0] if len(candidates) == 1 else None


@cache
def version_of(name: str) -> str:
    """The installed version of a distribution, or "" where it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _table() -> dict[str, str]:
    text = resources.files("toolreg.bundle").joinpath("distributions.txt").read_text(encoding="utf-8")
    return read_table(text)


def read_table(text: str) -> dict[str, str]:
    """The shipped table: import name → canonical name of the distribution."""
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {row[0]: canonicalize_name(row[-1]) for row in rows}
