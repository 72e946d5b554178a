"""The tools of a file, found in its AST. The file is never imported and never run."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from toolreg.contract.docstring import Docstring, docstring_node, read_docstring
from toolreg.contract.files import read_bytes
from toolreg.contract.names import Names
from toolreg.contract.walk import ByType, Walk, by_type
from toolreg.effects import Effect, parse_effects
from toolreg.errors import SourceError

_LINE_END = re.compile(r"\r\n|\r|\n")
Function = ast.FunctionDef | ast.AsyncFunctionDef
_TOOL_MEMBERS = frozenset({"name", "description", "inputs", "output_type", "forward"})


@dataclass(frozen=True, eq=False)
class Module:
    """One Python file: its path as given, its bytes, its text and its syntax tree."""

    path: str
    data: bytes
    text: str
    tree: ast.Module

    @cached_property
    def lines(self) -> list[str]:
        return source_lines(self.text)

    @cached_property
    def tools(self) -> tuple[ToolSource, ...]:
        """Every tool of the file, in the order of their lines."""
        return tuple(sorted(_find_tools(self), key=lambda t: t.node.lineno))

    def tool(self, name: str) -> ToolSource:
        """The tool of that name. Raises SourceError naming those that exist."""
        for tool in self.tools:
            if name in (tool.name, tool.node.name):
                return tool
        have = ", ".join(t.name for t in self.tools) or "none"
        raise SourceError(f"no tool '{name}' in it", path=self.path, hint=f"tools in this file: {have}")

    @cached_property
    def walk(self) -> Walk:
        """Every node of the file, by type."""
        return Walk(self.tree)

    def forget(self) -> None:
        """Drop all that was worked out: tools and file know each other, and their tree would outlive them."""
        for tool in self.__dict__.pop("tools", ()):
            tool.__dict__.clear()
        for name in self.__dict__.keys() - {"path", "data", "text", "tree"}:
            del self.__dict__[name]

    @property
    def functions(self) -> list[Function]:
        """Every function and method of the file."""
        return [*self.walk.nodes(ast.FunctionDef), *self.walk.nodes(ast.AsyncFunctionDef)]

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Every class of the file by name; the last definition wins, as at run time."""
        return {n.name: n for n in sorted(self.walk.nodes(ast.ClassDef), key=lambda n: n.lineno)}


@dataclass(frozen=True, eq=False)
class ToolSource:
    """One tool: where it stands, what it is made of, and what its docstring says."""

    module: Module
    node: Function | ast.ClassDef
    form: Literal["function", "class"]
    name: str
    nested: bool = False
    bases: tuple[ast.ClassDef, ...] = field(default=())

    @property
    def path(self) -> str:
        return self.module.path

    @property
    def line(self) -> int:
        return self.node.lineno

    @cached_property
    def nodes(self) -> ByType:
        """Every node of the tool, and of its bases in the same file, by type; do not change it."""
        owners = (self.node, *self.bases)
        found = self.module.walk.below(*owners)
        return found if found is not None else by_type(_outermost(owners))

    @cached_property
    def docstring(self) -> Docstring:
        return read_docstring(self.node)

    @cached_property
    def docstring_node(self) -> ast.Constant | None:
        return docstring_node(self.node)

    @cached_property
    def call(self) -> Function | None:
        """The function that runs when the tool is called: the function itself, or `forward`."""
        if not isinstance(self.node, ast.ClassDef):
            return self.node
        return self.method("forward") or self._assigned_forward()

    @cached_property
    def parameters(self) -> tuple[ast.arg, ...]:
        """The parameters of `call`, without `self`, in order; *args and **kwargs last."""
        if self.call is None:
            return ()
        a = self.call.args
        plain = [*a.posonlyargs, *a.args]
        if (
            self.form == "class"
            and self.call is self.method("forward")
            and plain
            and not any(_name(d) == "staticmethod" for d in self.call.decorator_list)
        ):
            plain = plain[1:]
        return tuple(plain + a.kwonlyargs + [x for x in (a.vararg, a.kwarg) if x])

    @cached_property
    def declared(self) -> tuple[Effect, ...] | None:
        """The declared effects; None where no Side effects section stands. Raises EffectSyntaxError."""
        lines = self.docstring.effect_lines
        return None if lines is None else parse_effects(text for _, text in lines)

    def method(self, name: str) -> Function | None:
        """A method of a class tool, its own or one of a base class in the same file."""
        return self._members[1].get(name)

    def _assigned_forward(self) -> Function | None:
        """`forward = staticmethod(function)`: the published form of a `@tool` function."""
        value = self.attribute("forward")
        if isinstance(value, ast.Call) and _name(value.func) == "staticmethod" and len(value.args) == 1:
            wanted = _name(value.args[0])
            return next(
                (n for n in self.module.tree.body if isinstance(n, Function) and n.name == wanted), None
            )
        return None

    def attribute(self, name: str) -> ast.expr | None:
        """The expression of a class attribute (`name = …` or `name: T = …`), bases included."""
        return self._members[0].get(name)

    @cached_property
    def _members(self) -> tuple[dict[str, ast.expr], dict[str, Function]]:
        """Attributes and methods by name; the last that is written wins, and a class before its bases."""
        values: dict[str, ast.expr] = {}
        methods: dict[str, Function] = {}
        owners = (o for o in (self.node, *self.bases) if isinstance(o, ast.ClassDef))
        for member in (m for owner in owners for m in reversed(owner.body)):
            if isinstance(member, Function):
                methods.setdefault(member.name, member)
            elif isinstance(member, ast.Assign | ast.AnnAssign) and member.value is not None:
                for target in member.targets if isinstance(member, ast.Assign) else (member.target,):
                    if isinstance(target, ast.Name):
                        values.setdefault(target.id, member.value)
        return values, methods


def _outermost(definitions: Iterable[Function | ast.ClassDef]) -> list[Function | ast.ClassDef]:
    """Definitions in the order of the file, without those that stand inside another of them."""
    kept: list[Function | ast.ClassDef] = []
    for node in sorted(definitions, key=lambda n: n.lineno):
        if not kept or node.lineno > (kept[-1].end_lineno or 0):
            kept.append(node)
    return kept


def source_lines(text: str) -> list[str]:
    """The lines as Python counts them: a form feed or U+2028 does not end one."""
    return _LINE_END.split(text)


def read_module(path: str) -> Module:
    """Read one file. Raises SourceError with file, line and what to do."""
    return parse_module(path, read_bytes(path))


def parse_module(path: str, data: bytes) -> Module:
    """Bytes → Module. Raises SourceError: empty, not UTF-8, null bytes, does not parse."""
    if not data.strip():
        raise SourceError("file is empty", path=path, hint="write a tool into it, or remove it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            f"not UTF-8 (byte {data[error.start]:#04x})", path=path, line=line, hint="save the file as UTF-8"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SourceError("null byte in source", path=path, line=line, hint="save the file as UTF-8 text")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, path)
    except SyntaxError as error:
        raise SourceError(
            f"does not parse: {error.msg}",
            path=path,
            line=error.lineno or 0,
            hint=f"mend the syntax, or run toolreg with a newer Python; this is {sys.version_info[0]}.{sys.version_info[1]}",
        ) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise SourceError("too deeply nested to parse", path=path, hint="split the expression") from error
    return Module(path, data, text, tree)


def tool_decorators(tool: ToolSource) -> list[ast.expr]:
    """The decorators of a function that are smolagents' `@tool`."""
    if isinstance(tool.node, ast.ClassDef):
        return []
    names = Names.of(tool.module.path, tool.module.data, tool.module.walk)
    return [d for d in tool.node.decorator_list if names.is_tool_decorator(d)]


def _find_tools(module: Module) -> Iterator[ToolSource]:
    names = Names.of(module.path, module.data, module.walk)
    classes = module.classes
    imported = {
        alias.asname or alias.name
        for node in module.walk.nodes(ast.ImportFrom)
        for alias in node.names
        if alias.name != "Tool"  # of another library: a tool, but not smolagents'
    }
    bases_in_use = {_name(getattr(b, "value", b)) for c in classes.values() for b in c.bases}
    for node in sorted((*module.functions, *module.walk.nodes(ast.ClassDef)), key=lambda n: n.lineno):
        if isinstance(node, ast.ClassDef):
            chain = _tool_chain(node, classes, names, imported) if node.bases else None
            if chain is not None:
                tool = ToolSource(module, node, "class", node.name, _is_nested(node, module), chain)
                if not _is_only_a_base(tool, bases_in_use):
                    yield ToolSource(module, node, "class", _class_tool_name(tool), tool.nested, chain)
        elif any(names.is_tool_decorator(d) for d in node.decorator_list):
            yield ToolSource(module, node, "function", node.name, _is_nested(node, module))


def _is_nested(node: ast.stmt, module: Module) -> bool:
    """True if the definition stands inside a function."""
    return module.walk.below(node) is None and any(
        f.lineno < node.lineno and (node.end_lineno or 0) <= (f.end_lineno or 0)
        for f in module.functions
        if f is not node
    )


def _tool_chain(
    node: ast.ClassDef, classes: dict[str, ast.ClassDef], names: Names, imported: set[str]
) -> tuple[ast.ClassDef, ...] | None:
    """The bases of a Tool subclass that stand in the same file, nearest first; None if it is no Tool."""
    chain: list[ast.ClassDef] = []
    todo, is_tool = [node], False
    while todo:
        for base in todo.pop().bases:
            base = base.value if isinstance(base, ast.Subscript) else base  # Base[int]
            local = classes.get(_name(base) or "")
            if local is not None and local is not node and local not in chain:
                chain.append(local)
                todo.append(local)
            elif (
                names.is_tool_class(base)
                or (_name(base) or "") in imported
                or isinstance(base, ast.Attribute)
            ):
                is_tool = is_tool or names.is_tool_class(base) or _reads_like_a_tool([node, *chain])
    return tuple(chain) if is_tool else None


def _reads_like_a_tool(classes: list[ast.ClassDef]) -> bool:
    """True if classes bind what only a Tool has: its base may stand in another of the author's files."""
    members = [m for c in classes for m in c.body]
    bound = {m.name for m in members if isinstance(m, Function)}
    bound |= {_name(t) or "" for m in members for t in getattr(m, "targets", [getattr(m, "target", m)])}
    return len(_TOOL_MEMBERS & bound) >= 3 and bool({"inputs", "output_type", "forward"} & bound)


def _is_only_a_base(tool: ToolSource, bases_in_use: set[str | None]) -> bool:
    complete = tool.method("forward") is not None and tool.attribute("name") is not None
    return tool.node.name in bases_in_use and not complete


def _class_tool_name(tool: ToolSource) -> str:
    value = tool.attribute("name")
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else tool.node.name


def _name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else None
