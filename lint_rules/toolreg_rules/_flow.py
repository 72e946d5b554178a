"""Whether a value is made from a parameter: through names, loops, joins, helpers in the same file and plain assignments."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from toolreg.contract.once import once
from toolreg.contract.source import Function, ToolSource
from toolreg.contract.walk import nodes_of
from toolreg.lint.walk import ids
from toolreg_rules._hints import hints_of
from toolreg_rules._signature import json_type, types_in
from toolreg_rules._values import inputs_of

# What makes a text harmless, or something else than the text that came in.
_CLEANING = frozenset(
    {
        "quote", "int", "float", "bool", "len", "basename", "secure_filename", "hash", "hexdigest", "uuid4", "escape", "quote_plus",
        "urlencode", "quote_identifier", "Identifier",
    }
)  # fmt: skip
_GROWING = frozenset({"append", "extend", "insert", "add", "appendleft"})
_TESTS = frozenset(
    {"isidentifier", "isalnum", "isalpha", "isdigit", "isdecimal", "isnumeric", "fullmatch", "match"}
)
_NUMBERS = frozenset({"integer", "number", "boolean"})


@dataclass(frozen=True)
class Flow:
    """params: those that can hold any text; bound: what each name is made from."""

    params: frozenset[str]
    bound: dict[str, list[ast.expr]]


def parameter_in(tool: ToolSource, node: ast.expr) -> str:
    """The parameter that a value is made from; "" if none is seen, or if it was cleaned or checked on the way."""
    return _search(node, flow_of(tool), frozenset(), 0)


@once
def flow_of(tool: ToolSource) -> Flow:
    """What flows where in a tool, and in the functions of its file that it calls."""
    bound: dict[str, list[ast.expr]] = {}
    helpers = _helpers(tool)
    owners: list[Function | ast.ClassDef] = [tool.node, *helpers.values()]
    for owner in owners:
        _bind_all(bound, owner, helpers)
    checked = {name for owner in owners for name in _checked(owner)}
    texts = {p.arg for p in tool.parameters if not _is_number(tool, p.arg)}
    return Flow(frozenset(texts - checked), {k: v for k, v in bound.items() if k not in checked})


def _search(node: ast.expr, flow: Flow, gone: frozenset[str], depth: int) -> str:
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name):
            found = _of_name(part.id, flow, gone, depth) if isinstance(part.ctx, ast.Load) else ""
            if found:
                return found
        else:
            stack += _flowing(part)
    return ""


def _of_name(name: str, flow: Flow, gone: frozenset[str], depth: int) -> str:
    values = flow.bound.get(name, []) if name not in gone and depth < 6 else []
    for value in values:
        found = _search(value, flow, gone | {name}, depth + 1)
        if found:
            return found
    # A new value made from the old one was cleaned on the way, or it would have been found.
    kept = not any(n.id == name for v in values for n in nodes_of(v) if isinstance(n, ast.Name))
    return name if name in flow.params and kept else ""


def _flowing(part: ast.AST) -> list[ast.AST]:
    """The parts of an expression whose text goes on in its value."""
    match part:
        case ast.Compare() | ast.Lambda():
            return []
        case ast.Call(func=ast.Attribute(value=ast.Name(id="shlex"), attr="join")):
            return []
        case ast.Call() if _called(part) in _CLEANING:
            return []
        case ast.Attribute(value=ast.Call(func=func), attr="name" | "stem") if _last(func) == "Path":
            return []
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.Subscript(value=value):
            return [value]
        case ast.ListComp(elt=made) | ast.SetComp(elt=made) | ast.GeneratorExp(elt=made):
            return [made]
        case ast.DictComp(key=key, value=value):
            return [key, value]
    return list(ast.iter_child_nodes(part))


def _bind_all(bound: dict[str, list[ast.expr]], owner: ast.AST, helpers: dict[str, Function]) -> None:
    """What each name below a definition is assigned, loops over, is grown by or is called with."""
    inner = helpers | {n.name: n for n in nodes_of(owner) if isinstance(n, Function)}
    for node in nodes_of(owner):
        for target, value in _pairs(node):
            _bind(bound, target, value)
        match node:
            case ast.Match(subject=value):
                for caught in ast.walk(node):
                    if isinstance(caught, ast.MatchAs | ast.MatchStar) and caught.name:
                        bound.setdefault(caught.name, []).append(value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=args) if (
                attr in _GROWING
            ):
                bound.setdefault(name, []).extend(args)
            case ast.Call(func=ast.Name(id=name)) if name in inner:
                _bind_call(bound, inner[name], node)


def _pairs(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """(target, value) of whatever binds names."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            return [(target, value)]
        case ast.AugAssign(target=target, value=value):
            return [(target, value)]
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            return [(target, value)]
        case ast.comprehension(target=target, iter=value):
            return [(target, value)]
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            return [(target, value)]
    return []


def _bind(bound: dict[str, list[ast.expr]], target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Name):
        bound.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple | ast.List):
        pairs = (
            value.elts
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            else []
        )
        for n, one in enumerate(target.elts):
            _bind(bound, one.value if isinstance(one, ast.Starred) else one, pairs[n] if pairs else value)


def _bind_call(bound: dict[str, list[ast.expr]], function: Function, call: ast.Call) -> None:
    names = [p.arg for p in (*function.args.posonlyargs, *function.args.args)]
    for name, given in zip(names, call.args, strict=False):
        bound.setdefault(name, []).append(given)
    for word in call.keywords:
        if word.arg in names:
            bound.setdefault(str(word.arg), []).append(word.value)


def _helpers(tool: ToolSource) -> dict[str, Function]:
    """Functions at the top of the file that the tool names."""
    top = {n.name: n for n in tool.module.tree.body if isinstance(n, Function) and n is not tool.node}
    return {name: top[name] for name in ids(tool) & top.keys()}


def _checked(owner: ast.AST) -> set[str]:
    """Names that a condition compares with what is allowed, or asks for their form."""
    found: set[str] = set()
    for node in nodes_of(owner):
        if isinstance(node, ast.If | ast.Assert | ast.IfExp | ast.While):
            for part in nodes_of(node.test):
                found |= _asked(part)
    return found


def _asked(part: ast.AST) -> set[str]:
    match part:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In() | ast.NotIn()]):
            return {name}
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args) if attr in _TESTS:
            return {n.id for n in (value, *args) if isinstance(n, ast.Name)}
    return set()


def _is_number(tool: ToolSource, name: str) -> bool:
    if name in hints_of(tool):
        return json_type(hints_of(tool)[name]) in _NUMBERS
    entry = (inputs_of(tool) or {}).get(name)
    words = types_in(entry[1].get("type")) if entry is not None else []
    return bool(words) and set(words) <= _NUMBERS


def _last(func: ast.expr) -> str:
    return getattr(func, "attr", getattr(func, "id", ""))


def _called(node: ast.Call) -> str:
    return _last(node.func)
