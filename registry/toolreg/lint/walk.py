"""A tool's tree, walked once for all rules: its nodes by kind, and its calls by what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from toolreg.contract.once import once
from toolreg.contract.source import Function, Module, ToolSource
from toolreg.contract.walk import Node
from toolreg.infer import calls_of


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something known by its dotted name, e.g. `requests.get` or `requests.Session.get`."""

    name: str
    node: ast.Call
    keywords: tuple[str, ...]
    open_ended: bool = False
    constructor: ast.Call | None = None

    def gives(self, *names: str) -> bool:
        """True if one of these keywords is passed, or may be through `**options`."""
        return self.open_ended or any(name in self.keywords for name in names)

    def argument(self, keyword: str, position: int = -1) -> ast.expr | None:
        """The expression given for a keyword, or at a position (from 0)."""
        for word in self.node.keywords:
            if word.arg == keyword:
                return word.value
        return self.node.args[position] if 0 <= position < len(self.node.args) else None


def nodes(subject: ToolSource | Module, kind: type[Node]) -> list[Node]:
    """Every node of a type in a module, or in a tool with its bases in the same file; the tree is walked once."""
    if subject.__class__ is ToolSource:  # cheaper than isinstance, and asked fifty times a tool
        return subject.nodes.get(kind, _NONE)
    return subject.walk.nodes(kind)  # type: ignore[union-attr]


_NONE: list[Any] = []


def body(tool: ToolSource, kind: type[Node]) -> list[Node]:
    """Every node of a type in the function that is called; what nested functions do is left out."""
    every = tool.nodes.get(kind)
    if not every:
        return _NONE
    first, last, nested = _lines_of_body(tool)
    found = [n for n in every if first <= _line(n) <= last]
    return [n for n in found if not any(a < _place(n) < b for a, b in nested)] if nested else found


@once
def _lines_of_body(tool: ToolSource) -> tuple[int, int, list[tuple[_Place, _Place]]]:
    """First and last line of the function that is called, and where the functions inside it begin and end."""
    call = tool.call
    if call is None:
        return (1, 0, [])
    first, last = call.body[0].lineno, call.end_lineno or 0
    inner = [*functions(tool), *nodes(tool, ast.Lambda)]
    nested = [
        ((f.lineno, f.col_offset), (f.end_lineno or 0, f.end_col_offset or 0))
        for f in inner
        if f is not call and first <= f.lineno <= last
    ]
    return (first, last, nested)


_Place = tuple[int, int]


def _place(node: ast.AST) -> _Place:
    """Line and column of a node; those of what an item of `with` opens."""
    opened = getattr(node, "context_expr", node)
    return (_line(node), getattr(opened, "col_offset", 0))


def _line(node: ast.AST) -> int:
    """The line of a node; an item of `with` has none of its own."""
    line = getattr(node, "lineno", 0)
    return line or getattr(getattr(node, "context_expr", None), "lineno", 0)


@once
def ids(tool: ToolSource) -> frozenset[str]:
    """Every bare name in a tool, read or bound."""
    return frozenset([name.id for name in nodes(tool, ast.Name)])


@once
def strings(tool: ToolSource) -> tuple[list[ast.Constant], str]:
    """The text literals of a tool besides its docstring, and all of them put together, to tell what none of them holds."""
    own = tool.docstring_node
    found = [c for c in nodes(tool, ast.Constant) if c.value.__class__ is str and c is not own]
    return found, "\0".join([str(c.value) for c in found])


def functions(subject: ToolSource | Module) -> list[Function]:
    """Every function: the tool itself, methods, helpers inside it."""
    return [*nodes(subject, ast.FunctionDef), *nodes(subject, ast.AsyncFunctionDef)]


def calls(tool: ToolSource, *names: str) -> Iterator[Call]:
    """Calls that the tool's own code makes of these names; `requests.*` is every call below it."""
    every = all_calls(tool)
    if not names:
        return iter(every)
    exact, prefixes = _wanted(names)
    made = names_called(tool)
    if exact.isdisjoint(made) and not (prefixes and any(name.startswith(prefixes) for name in made)):
        return iter(())
    return iter([c for c in every if c.name in exact or (prefixes and c.name.startswith(prefixes))])


@lru_cache(maxsize=512)
def _wanted(names: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    return frozenset(names), tuple(name[:-1] for name in names if name.endswith(".*"))


@once
def names_called(tool: ToolSource) -> frozenset[str]:
    """The dotted names of every call."""
    return frozenset(call.name for call in all_calls(tool))


@once
def all_calls(tool: ToolSource) -> tuple[Call, ...]:
    """Every call with a dotted name: those written in the tool, and those the inference can reach from it."""
    own = tuple(_resolve(tool))
    seen = {(call.node, call.name) for call in own}
    return own + tuple(c for c in _reached(tool) if (c.node, c.name) not in seen)


def _reached(tool: ToolSource) -> Iterator[Call]:
    for call in calls_of(tool):
        if call.path == tool.path:
            yield Call(
                call.name.removeprefix("builtins."),
                call.node,
                call.keywords,
                call.open_ended,
                call.constructor,
            )


def _resolve(tool: ToolSource) -> Iterator[Call]:
    names = names_of(tool)
    for node in nodes(tool, ast.Call):
        name, constructor = names.called(node.func)
        if name:
            words = tuple(k.arg for k in node.keywords if k.arg)
            yield Call(name, node, words, any(k.arg is None for k in node.keywords), constructor)


class Names:
    """What a name means in a tool: imports of the file and of the tool, and what a variable was made by."""

    def __init__(self, tool: ToolSource) -> None:
        self._tool = tool

    @property
    def imported(self) -> dict[str, str]:
        """What the file's imports bind, and the dotted names behind it."""
        return _imported(self._tool.module)

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that the file itself defines or the tool assigns: they are not the builtins of that name."""
        stored = {n.id for n in nodes(self._tool, ast.Name) if isinstance(n.ctx, ast.Store)}
        defined = {n.name for n in (*functions(self._tool.module), *nodes(self._tool.module, ast.ClassDef))}
        return frozenset(stored | defined | {p.arg for p in nodes(self._tool, ast.arg)})

    @cached_property
    def made(self) -> dict[str, ast.Call]:
        """Variables and attributes of self by the one call that makes them."""
        found: dict[str, ast.Call] = {}
        for node in nodes(self._tool, ast.Assign):
            for target in node.targets:
                self._note(found, target, node.value)
        for item in nodes(self._tool, ast.withitem):
            if item.optional_vars is not None:
                self._note(found, item.optional_vars, item.context_expr)
        return found

    @staticmethod
    def _note(found: dict[str, ast.Call], target: ast.expr, value: ast.expr) -> None:
        name = _written(target) if isinstance(value, ast.Call) else ""
        if name and isinstance(value, ast.Call):
            found[name] = value

    def dotted(self, node: ast.expr) -> str:
        """`np.random.rand` -> `numpy.random.rand`; "" where the root is no import or builtin."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        root = self.imported.get(node.id)
        if root is None and not parts and node.id not in self.bound:
            root = node.id
        return ".".join([root, *reversed(parts)]) if root else ""

    def called(self, func: ast.expr, depth: int = 0) -> tuple[str, ast.Call | None]:
        """(dotted name, the call that made the receiver): `s = requests.Session(); s.get` -> requests.Session.get."""
        name = self.dotted(func)
        if name or not isinstance(func, ast.Attribute) or depth > 4:
            return name, None
        value = func.value
        maker = value if isinstance(value, ast.Call) else self.made.get(_written(value))
        if maker is None:
            return "", None
        made_by, _ = self.called(maker.func, depth + 1)
        return (f"{made_by}.{func.attr}", maker) if made_by else ("", None)


names_of = once(Names)


@once
def _imported(module: Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes(module, ast.Import):
        for alias in node.names:
            found[alias.asname or alias.name.split(".")[0]] = (
                alias.name if alias.asname else alias.name.split(".")[0]
            )
    for origin in nodes(module, ast.ImportFrom):
        for alias in origin.names:
            if origin.module and not origin.level:
                found[alias.asname or alias.name] = f"{origin.module}.{alias.name}"
    return found


def _written(node: ast.expr) -> str:
    """`self.session` as it is written; "" for what is no chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    inner = _written(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""
