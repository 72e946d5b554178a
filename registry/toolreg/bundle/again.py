"""The second pass: what smolagents reads when a loaded tool is saved again, or sent to a remote executor.

A class loaded from text has no source that Python could find, so smolagents refuses to save it; but it takes
`__source__` where there is one. Its validator wants every method to hold all it needs, and knows few ways to
bind a name. So each method is told once more, whole: helpers and imports inside, and names that the validator
overlooks bound once at the top. Where that cannot be the same code, the reason is given instead.
"""

from __future__ import annotations

import ast
import builtins
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from toolreg.bundle.names import Function, arguments_of, references
from toolreg.bundle.plain import OneLine, unseen_names, unseen_parameters
from toolreg.bundle.state import kept
from toolreg.bundle.units import written_inside

_BUILTINS = frozenset(dir(builtins))
_DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars"})
COMMENT = "\n\n# For smolagents, when the loaded tool is saved again or sent to a remote executor: the same code, each method whole.\n"


class CannotSaveAgain(Exception):
    """Why smolagents could not save the loaded tool; a sentence part."""


_IMPORTS = (ast.Import, ast.ImportFrom)


def _only_binds(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(isinstance(n, (ast.Name, ast.expr_context, ast.Tuple)) for t in targets for n in ast.walk(t))


@dataclass(eq=False)
class _File:
    """A published file, its statements by the names they bind."""

    tree: ast.Module
    entry: ast.ClassDef

    @cached_property
    def _by_name(self) -> dict[str, list[ast.stmt]]:
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.tree.body:
            if statement is not self.entry:
                for name in _binds(statement):
                    found.setdefault(name, []).append(statement)
        return found

    def binding(self, name: str) -> list[ast.stmt]:
        return self._by_name.get(name, [])

    def needed(self, node: ast.stmt, skip: frozenset[str]) -> list[ast.stmt]:
        """Every statement of the file below a definition, in order."""
        found: set[int] = set()
        todo = [node]
        while todo:
            for ref in references(todo.pop(), future=True):
                for statement in self.binding(ref.name) if ref.name not in skip else ():
                    if id(statement) not in found:
                        found.add(id(statement))
                        todo.append(statement)
        wanted = [s for s in self.tree.body if id(s) in found]
        self._check_changes({*found, id(node)}, {n for s in wanted for n in _binds(s)})
        return wanted

    def _check_changes(self, needed: set[int], names: set[str]) -> None:
        """A method told whole holds what binds a name, but not what changes it when the file is read."""
        for statement in self.tree.body:
            if id(statement) in needed or statement is self.entry or isinstance(statement, _IMPORTS):
                continue
            parts: list[ast.AST] = [statement]
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                parts = [*statement.decorator_list, *getattr(statement, "bases", ())]
            used = {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
            used = (used | set(written_inside(statement))) & names
            if used and not (isinstance(statement, (ast.Assign, ast.AnnAssign)) and _only_binds(statement)):
                raise CannotSaveAgain(f"the file changes '{sorted(used)[0]}' after it was made")


def second_pass(code: str, entry: str) -> str:
    """The lines that give a published file its `__source__`. Raises CannotSaveAgain."""
    tree = ast.parse(code)
    node = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == entry)
    file = _File(tree, node)
    if any(isinstance(s, ast.ImportFrom) and s.names[0].name == "*" for s in tree.body):
        raise CannotSaveAgain("`import *` cannot stand in a function")
    if [ast.unparse(b) for b in node.bases] != ["Tool"] or node.keywords or node.decorator_list:
        raise CannotSaveAgain(
            "smolagents saves only what stands in the class itself, and this one has another base"
        )
    texts = dict(_methods(file))
    head = "\n".join([f"class {entry}(Tool):", *_attributes(node)])
    lines = [f"{place}.__source__ = {_quoted(text)}\n" for place, text in texts.items()]
    listed = "".join(f", {place}.__source__" for place in texts)
    whole = f'{entry}.__source__ = "\\n    ".join(\n    text.replace("\\n", "\\n    ") for text in ({json.dumps(head)}{listed})\n)\n'
    return COMMENT + "".join(lines) + whole


def _methods(file: _File) -> Iterator[tuple[str, str]]:
    """(expression that gives the function, its whole text) of every method."""
    entry = file.entry.name
    for member in file.entry.body:
        if isinstance(member, Function):
            private = member.name.startswith("__") and not member.name.endswith("__")
            name = f"_{entry.lstrip('_')}{member.name}" if private else member.name
            wrapped = f'getattr({entry}.__init__, "__wrapped__", {entry}.__init__)'
            place = wrapped if name == "__init__" else f"{entry}.{name}"
            yield place, _text(_whole_method(file, member))
        elif isinstance(member, ast.ClassDef):
            raise CannotSaveAgain("smolagents saves no class inside the class")
        elif isinstance(member, ast.Assign) and ast.unparse(member.targets[0]) == "forward":
            assert isinstance(member.value, ast.Call)
            name = ast.unparse(member.value.args[0])
            yield name, _text(_whole_function(file, name))


def _whole_method(file: _File, method: Function) -> Function:
    marks = {ast.unparse(d) for d in method.decorator_list}
    if marks - {"staticmethod"}:
        raise CannotSaveAgain(f"smolagents saves no method with @{sorted(marks)[0]}")
    needed = file.needed(method, frozenset({"Tool"}))
    _check(needed, [method])
    _check_capture(needed, _locals(method))
    whole = copy.deepcopy(method)
    if isinstance(whole, ast.AsyncFunctionDef):  # whose assignments the validator takes for class attributes
        inner = copy.deepcopy(whole)
        inner.decorator_list = []
        call = ast.Call(ast.Name(method.name, ast.Load()), *_passed(method.args))
        body: list[ast.stmt] = [*map(_inner, needed), inner, ast.Return(call)]
        return _prepared(ast.FunctionDef(method.name, whole.args, body, whole.decorator_list))
    whole.body = [*map(_inner, needed), *whole.body]
    return _prepared(whole)


def _whole_function(file: _File, name: str) -> Function:
    """`forward` that holds the author's function and all below it, and calls it."""
    statement = next((s for s in file.binding(name) if isinstance(s, Function)), None)
    if statement is None:
        raise CannotSaveAgain("its function is made when the file is read")
    needed = [*file.needed(statement, frozenset({"Tool", name})), statement]
    needed = [s for s in file.tree.body if any(s is n for n in needed)]
    _check(needed, [])
    parameters = {a.arg for a in arguments_of(statement.args)}
    _check_capture(needed, parameters)
    # Of an async function this gives the coroutine, which the caller awaits as before.
    result = ast.Return(ast.Call(ast.Name(name, ast.Load()), *_passed(statement.args)))
    body: list[ast.stmt] = [*map(_inner, needed), result]
    return _prepared(
        ast.FunctionDef(
            "forward", copy.deepcopy(statement.args), body, [ast.Name("staticmethod", ast.Load())]
        )
    )


def _inner(statement: ast.stmt) -> ast.stmt:
    """A statement of the file as it stands in a function: a class keeps its name there, which `repr` may show."""
    inner = copy.deepcopy(statement)
    if isinstance(inner, ast.ClassDef):
        name = ast.Assign([ast.Name("__qualname__", ast.Store())], ast.Constant(inner.name))
        first = 1 if ast.get_docstring(inner, clean=False) is not None else 0
        inner.body.insert(first, name)
    return inner


def _passed(args: ast.arguments) -> tuple[list[ast.expr], list[ast.keyword]]:
    plain: list[ast.expr] = [ast.Name(a.arg, ast.Load()) for a in [*args.posonlyargs, *args.args]]
    if args.vararg:
        plain.append(ast.Starred(ast.Name(args.vararg.arg, ast.Load()), ast.Load()))
    words = [ast.keyword(a.arg, ast.Name(a.arg, ast.Load())) for a in args.kwonlyargs]
    return plain, [*words, *([ast.keyword(None, ast.Name(args.kwarg.arg, ast.Load()))] if args.kwarg else [])]


def _prepared(function: Function) -> Function:
    """One line a statement, no annotations on the outside, and every name bound where the validator sees it."""
    for argument in arguments_of(function.args):
        argument.annotation = None
    function.returns = None
    for default in [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]:
        if {n.id for n in ast.walk(default) if isinstance(n, ast.Name)} - _BUILTINS:
            raise CannotSaveAgain("a parameter's default needs more than Python's built-in names")
    OneLine().visit(function)
    parameters = [a.arg for a in arguments_of(function.args)]
    unseen = sorted(unseen_names(function) - set(parameters))
    overlooked = [p for p in unseen_parameters(function) if p != "self"]
    preamble: list[ast.stmt] = [
        ast.Assign([ast.Name(p, ast.Store())], ast.Name(p, ast.Load())) for p in overlooked
    ]
    if unseen:
        preamble.append(ast.Assign([ast.Name(n, ast.Store()) for n in unseen], ast.Constant(None)))
    function.body = [*preamble, *function.body]
    return ast.fix_missing_locations(function)


def _check(needed: list[ast.stmt], more: list[ast.stmt]) -> None:
    written = {name for s in [*needed, *more] for name in written_inside(s)}
    for statement in [*needed, *more]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Global):
                raise CannotSaveAgain(f"it keeps state in a module-level name (global {node.names[0]})")
            if isinstance(node, ast.Name) and node.id in _DYNAMIC:
                raise CannotSaveAgain(f"it asks for names at run time ({node.id})")
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                raise CannotSaveAgain("`import *` cannot stand in a function")
    held = {
        name for s in needed if isinstance(s, (ast.Assign, ast.AnnAssign)) for name in _binds(s)
    } & written
    state = sorted(held)[0] if held else kept(needed)
    if state:
        raise CannotSaveAgain(f"it keeps state in a module-level name ({state})")


def _check_capture(needed: list[ast.stmt], local: set[str]) -> None:
    clash = {name for s in needed for name in _binds(s)} & local
    if clash:
        raise CannotSaveAgain(f"'{sorted(clash)[0]}' is both a module-level name and a local one")


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    """The class attributes as smolagents will write them again, which it does by their value."""
    _check_text(ast.get_docstring(node, clean=False) or "", "the docstring", multiline=True)
    for member in node.body:
        target = member.targets[0] if isinstance(member, ast.Assign) else getattr(member, "target", None)
        value = getattr(member, "value", None)
        if (
            not isinstance(target, ast.Name)
            or value is None
            or target.id == "forward"
            or isinstance(member, ast.Expr)
        ):
            continue
        try:
            literal = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError) as error:
            raise CannotSaveAgain(f"class attribute '{target.id}' is no literal") from error
        if isinstance(literal, str):
            _check_text(literal, f"'{target.id}'", multiline="\n" in literal)
        if target.id == "name":
            yield f"name = {json.dumps(literal)}"


def _check_text(text: str, what: str, *, multiline: bool) -> None:
    if not multiline and any(ord(c) > 0xFFFF for c in text):
        raise CannotSaveAgain(f"smolagents would write {what} with characters cut in two")
    if multiline and ("\\" in text or '"""' in text or text.endswith('"')):
        raise CannotSaveAgain(f"smolagents would write {what} unescaped between triple quotes")


def _locals(method: Function) -> set[str]:
    bound = {n.id for n in ast.walk(method) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return bound | {a.arg for a in arguments_of(method.args)}


def _binds(statement: ast.stmt) -> set[str]:
    return {r.name for r in references(statement, future=True) if r.stores and not r.deferred}


def _text(function: Function) -> str:
    return ast.unparse(function) + "\n"


def _quoted(text: str) -> str:
    """A text as lines of string literals, readable in a diff."""
    lines = text.splitlines(keepends=True)
    return (
        "(\n"
        + "".join(
            # JSON writes what is beyond U+FFFF as two halves, which Python does not join again.
            f"    {json.dumps(line, ensure_ascii=False) if line.rstrip().isprintable() else ascii(line)}\n"
            for line in lines
        )
        + ")"
    )
