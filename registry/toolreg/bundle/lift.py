"""A tool made inside a function, as if the function's body stood at the end of the file.

Only where the function is called in one way that the file says, or with its own defaults: then its parameters have
known values, and what the tool closes over can be published. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from toolreg.bundle.arguments import is_secret, known
from toolreg.bundle.names import Function, arguments_of, bound_names
from toolreg.bundle.statements import own_statements
from toolreg.bundle.text import Edit, SourceText, string_lines
from toolreg.bundle.units import Source
from toolreg.contract import Module, ToolSource, parse_module

Reasons = list[tuple[int, str]]
_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Lifted:
    """A tool at the top level of a file made for it. unknown: parameters without a value; call: how it is made."""

    tool: ToolSource
    unknown: Mapping[str, str] = field(default_factory=dict)
    call: str = ""
    notes: tuple[tuple[int, str], ...] = ()


class CannotLift(Exception):
    """Why a tool inside a function cannot be published: (line, sentence)."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.reason = (line, text)


def lifted(tool: ToolSource) -> Lifted:
    """The tool at the top level; as it is, if it stands there. Raises CannotLift."""
    if not tool.nested:
        _check_loops(
            list(_around(tool.module.tree, tool.node)) if tool.node not in tool.module.tree.body else []
        )
        return Lifted(tool)
    function, owner = _function_around(tool)
    source = Source(tool.module, "main")
    values, unknown, call, notes = _values(source, function, owner)
    _check_names(tool, function, owner)
    text = _moved(SourceText(tool.module.text), function, owner, values)
    parsed = parse_module(tool.path, text.encode())
    last = function.end_lineno or function.lineno
    mine = [n for n in parsed.tree.body if (owner or function).lineno <= n.lineno <= last]
    made_by = owner.name if owner is not None else function.name
    dropped = [n for n in parsed.tree.body if n not in mine and _makes(n, made_by)]
    body = [*(n for n in parsed.tree.body if n not in (*mine, *dropped)), *mine]
    module = Module(tool.path, parsed.data, parsed.text, ast.Module(body, []))
    found = [t for t in module.tools if t.node.name == tool.node.name and t.line == tool.line]
    if not found or found[0].nested:
        raise CannotLift(tool.line, "defined inside a function; move it to the top of the file")
    missing = dict.fromkeys((*unknown, *sorted(bound_names(dropped))), function.name)
    return Lifted(found[0], missing, call, tuple(notes))


def _check_loops(chain: list[ast.AST]) -> None:
    for loop in chain:
        if isinstance(loop, (ast.For, ast.AsyncFor, ast.While)):
            raise CannotLift(loop.lineno, "made in a loop, another one in each turn; write it once")


def _function_around(tool: ToolSource) -> tuple[Function, ast.ClassDef | None]:
    """The function that makes the tool, and the class that it is a method of."""
    chain = list(_around(tool.module.tree, tool.node))
    functions = [n for n in chain if isinstance(n, Function)]
    _check_loops(chain)
    owners = [n for n in chain if isinstance(n, ast.ClassDef)]
    if len(functions) != 1 or (owners and chain[:2] != [*owners, *functions]):
        raise CannotLift(
            tool.line,
            "defined inside a function in a function, or a class in one; move it to the top of the file",
        )
    function = functions[0]
    odd = [n for s in own_statements(function.body) for n in _own_expressions(s) if isinstance(n, _RUNS)]
    if isinstance(function, ast.AsyncFunctionDef) or odd or function.body[0].lineno == function.lineno:
        raise CannotLift(
            tool.line,
            f"defined inside {function.name}(), which is more than a plain function; move it to the top of the file",
        )
    if owners:
        _check_method(function, owners[0])
    return function, owners[0] if owners else None


def _check_method(function: Function, owner: ast.ClassDef) -> None:
    """A method that makes a tool is a function if it uses neither its object nor its class."""
    if {ast.unparse(d) for d in function.decorator_list} - {"staticmethod", "classmethod"}:
        raise CannotLift(
            function.lineno, f"defined inside {function.name}(), which a decorator changes; move it out"
        )
    first = {a.arg for a in _self_of(function)}
    for node in (n for part in function.body for n in ast.walk(part)):
        name = node.id if isinstance(node, ast.Name) else ""
        if name in first | {owner.name, "super", "__class__"}:
            raise CannotLift(
                getattr(node, "lineno", function.lineno),
                f"made in a method that uses '{name}', which has a value only when the class is built; give the tool"
                " what it needs as an argument, or write a Tool class with a constructor",
            )


def _self_of(function: Function) -> list[ast.arg]:
    """The parameter that a method's object or class comes in by; none of a static method."""
    if any(ast.unparse(d) == "staticmethod" for d in function.decorator_list):
        return []
    return [*function.args.posonlyargs, *function.args.args][:1]


_RUNS = (ast.Yield, ast.YieldFrom, ast.Await)


def _own_expressions(statement: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                yield from ast.walk(child)


def _around(root: ast.AST, node: ast.AST) -> Iterator[ast.AST]:
    """What a node stands in, from the outside."""
    for child in ast.iter_child_nodes(root):
        if child is not node and any(n is node for n in ast.walk(child)):
            yield child
            yield from _around(child, node)
            return


def _values(
    source: Source, function: Function, owner: ast.ClassDef | None
) -> tuple[dict[str, str], list[str], str, Reasons]:
    """(parameter → its value as text, parameters without one, the call that gives them, notes)."""
    defaults = _defaults(function)
    word = "id" if owner is None else "attr"
    calls = [
        n
        for n in ast.walk(source.module.tree)
        if isinstance(n, ast.Call) and getattr(n.func, word, "") == function.name
    ]
    mine = [a for a in arguments_of(function.args) if owner is None or a not in _self_of(function)]
    inside = {id(n) for n in ast.walk(function)}
    bound = [b for c in calls if id(c) not in inside if (b := _bound(source, function, c)) is not None]
    ways = {repr(sorted((k, ast.dump(v)) for k, v in b.items())): b for b in bound}
    if len(ways) > 1:
        raise CannotLift(
            function.lineno, f"{function.name}() is called in different ways; which one is to be published?"
        )
    given = next(iter(ways.values()), {})
    values, unknown = {}, []
    for argument in mine:
        value = given.get(argument.arg)
        if value is not None and is_secret(argument.arg, ast.literal_eval(value)):
            text = f"argument '{argument.arg}' of {function.name}() looks like a secret; read it from an environment variable in the tool"
            raise CannotLift(value.lineno, text)
        if value is None and argument.arg in defaults:
            value = defaults[argument.arg]
        if argument is function.args.vararg:
            values[argument.arg] = "()"
        elif argument is function.args.kwarg:
            values[argument.arg] = "{}"
        elif value is not None:
            values[argument.arg] = ast.unparse(value)
        else:
            unknown.append(argument.arg)
    words = ", ".join(f"{k}={ast.unparse(v)}" for k, v in given.items())
    told = f"made by {function.name}({words}), and published with what that gives it"
    # A method that uses nothing of its object needs none that was built.
    call = function.name if owner is None else f"object.__new__({owner.name}).{function.name}"
    return values, unknown, f"{call}({words})", [(function.lineno, told)]


def _bound(source: Source, function: Function, call: ast.Call) -> dict[str, ast.expr] | None:
    """Parameter → literal of a call; None where a value is known only when it runs."""
    names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    names = names[isinstance(call.func, ast.Attribute) and bool(_self_of(function)) :]
    pairs = [*zip(names, call.args, strict=False), *((k.arg, k.value) for k in call.keywords)]
    told = {name: known(source, value) for name, value in pairs if name}
    if len(pairs) < len(call.args) + len(call.keywords) or len(told) < len(pairs) or None in told.values():
        return None
    if set(told) - {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}:
        return None
    return {name: value for name, value in told.items() if value is not None}


def _defaults(function: Function) -> dict[str, ast.expr]:
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    late = zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)
    words = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    return {a.arg: d for a, d in (*late, *words) if d is not None}


def _makes(statement: ast.stmt, made_by: str) -> bool:
    """`search = make_search(5)`, `TOOLS = [Kit().search()]`: what it gives stands in the file itself from now on."""
    value = getattr(statement, "value", None)
    values = getattr(value, "elts", [value])
    return any(
        isinstance(v, ast.Call) and any(isinstance(n, ast.Name) and n.id == made_by for n in ast.walk(v.func))
        for v in values
    )


def _check_names(tool: ToolSource, function: Function, owner: ast.ClassDef | None) -> None:
    """A local name that the file, or a built-in function used in it, has as well would mean two things."""
    local = bound_names(function.body) | {a.arg for a in arguments_of(function.args)}
    imports = {
        ast.unparse(n) for n in own_statements(function.body) if isinstance(n, (ast.Import, ast.ImportFrom))
    }
    others = [
        n
        for n in tool.module.tree.body
        if n not in (function, owner)
        and not _makes(n, owner.name if owner is not None else function.name)
        and ast.unparse(n) not in imports
    ]
    for node in (n for o in others for n in ast.walk(o)) if owner is not None else ():
        if isinstance(node, ast.Name) and node.id == owner.name:  # type: ignore[union-attr]
            text = f"uses the class {node.id}, which makes the tool and is not published; move the tool out of it"
            raise CannotLift(node.lineno, text)
    bound = {name for n in others for name in bound_names([n])}
    used = {n.id for o in others for n in ast.walk(o) if isinstance(n, ast.Name)} & _BUILTINS
    clash = sorted(local & (bound | used))
    if clash:
        text = f"'{clash[0]}' is a name of the file and another one inside {function.name}(); rename one"
        raise CannotLift(function.lineno, text)


def _moved(
    text: SourceText, function: Function, owner: ast.ClassDef | None, values: Mapping[str, str]
) -> str:
    """The file with the function's header as assignments and its body at the function's own margin.

    Of a method's class nothing else stays: its body goes to the margin of the file.
    """
    around = owner if owner is not None else function
    last = function.end_lineno or function.lineno
    start, body = text.line_start(_first_line(around)), text.line_start(_first_line(function.body[0]))
    margin = " " * around.col_offset
    told = "; ".join(f"{name} = {value}" for name, value in values.items()) or "pass"
    edits = [Edit(start, body, margin + told + "\n" * text.text.count("\n", start, body))]
    if owner is not None and owner.end_lineno and owner.end_lineno > last:
        after, end = text.line_start(last + 1), text.line_start(owner.end_lineno + 1)
        edits.append(Edit(after, end, "\n" * text.text.count("\n", after, end)))
    strings = string_lines(function)
    deeper = function.body[0].col_offset - around.col_offset
    for number in range(_first_line(function.body[0]), last + 1):
        line = text.lines[number - 1]
        blank = len(line) - len(line.lstrip(" \t"))
        if number not in strings and blank:
            at = text.line_start(number)
            edits.append(Edit(at, at + min(deeper, blank), ""))
    edits += _returns(text, function)
    edits += _nonlocals(text, function)
    return text.between(0, len(text.text), edits)


def _first_line(node: ast.stmt) -> int:
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in marks)])


def _returns(text: SourceText, function: Function) -> Iterator[Edit]:
    for node in own_statements(function.body):
        if isinstance(node, ast.Return):
            start, end = text.span(node)
            stop = end if node.value is None else start + len("return")
            yield Edit(start, stop, "pass" if node.value is None else "__made__ =")


def _nonlocals(text: SourceText, function: Function) -> Iterator[Edit]:
    """What was the function's local is the file's name now."""
    inner = [n for n in ast.walk(function) if isinstance(n, Function) and n is not function]
    for owner in inner:
        for node in own_statements(owner.body):
            if isinstance(node, ast.Nonlocal):
                between = [f for f in inner if f is not owner and any(n is owner for n in ast.walk(f))]
                held = {
                    n for f in between for n in bound_names(f.body) | {a.arg for a in arguments_of(f.args)}
                }
                if not held & set(node.names):
                    start, _ = text.span(node)
                    yield Edit(start, start + len("nonlocal"), "global")
