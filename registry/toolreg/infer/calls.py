"""Following a call: functions and classes of the file are walked, APIs are looked up."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from toolreg.infer import hooks
from toolreg.infer.apply import call_api, guess
from toolreg.infer.arguments import arguments
from toolreg.infer.assign import given_away
from toolreg.infer.classes import bind_to, class_attribute, enum_members, family, far_bases
from toolreg.infer.containers import items_method
from toolreg.infer.machine import CALL, Args, Frame, Machine, label_of
from toolreg.infer.outside import from_outside
from toolreg.infer.scope import Scope
from toolreg.infer.texts import text_method
from toolreg.infer.values import (
    ANY,
    DATA,
    Api,
    Atom,
    Class,
    Const,
    FileModule,
    Func,
    Inst,
    Items,
    ItemsMember,
    Member,
    Method,
    Obj,
    Partial,
    Super,
    Text,
    TextMember,
    Unknown,
    Value,
    derived,
    join,
)

MAX_CONTEXTS = 12
MAX_DEPTH = 36
_OPAQUE = "calls a value that is not known before the tool runs"


def call_node(m: Machine, node: ast.Call, scope: Scope) -> Value:
    """A call as it stands in the source."""
    m.step()
    if (
        isinstance(node.func, ast.Name)
        and node.func.id == "super"
        and not node.args
        and m.frame.cls is not None
    ):
        return (Super(m.frame.cls, m.frame.first),)
    value = m.eval(node.func, scope)
    args = arguments(m, node, scope)
    if not value:
        if not isinstance(node.func, ast.Attribute):
            m.question(node, _OPAQUE)
        else:
            guess(m, node.func.attr, args, node)
            for one in args.every():
                given_away(m, one, node)
        return derived(tuple(a for v in args.every() for a in v))
    return call(m, value, args, node, direct=not isinstance(node.func, ast.Attribute))


def call(m: Machine, value: Value, args: Args, node: ast.AST, *, direct: bool = True) -> Value:
    """What calling a value with these arguments gives; its effects are noted."""
    found: Value | None = None
    for atom in value:
        one = _call_atom(m, atom, args, node, direct)
        found = one if found is None else join(found, one)
    return found if found is not None else DATA


def _call_atom(m: Machine, atom: Atom, args: Args, node: ast.AST, direct: bool) -> Value:
    handler = _CALLS.get(atom.__class__)
    if handler is not None:
        return handler(m, atom, args, node)
    if isinstance(atom, Const):  # None, a number: the call fails
        return DATA
    if direct or isinstance(atom, Text):
        m.question(node, _OPAQUE)
    return derived(tuple(a for v in args.every() for a in v))


def _call_object(m: Machine, atom: Obj, args: Args, node: ast.AST) -> Value:
    method = class_attribute(m, atom.cls, "__call__")
    if method is not None:
        return call(m, bind_to(m, method, (atom,), node), args, node)
    bases = far_bases(m, atom.cls)
    return call(
        m,
        tuple(Member(Inst(b.name, DATA, None), "__call__") for b in bases if isinstance(b, Api)),
        args,
        node,
    )


def _call_text(m: Machine, atom: TextMember, args: Args, node: ast.AST) -> Value:
    for value in args.every():
        m.whole_environment(value, node)
    if isinstance(atom.of, Text):
        guess(m, atom.name, args, node)
    return text_method(atom.of, atom.name, args)


def _call_unknown(m: Machine, atom: Unknown, _args: Args, node: ast.AST) -> Value:
    m.question(node, atom.reason, once=True)
    return (atom,)


def _with_partial(partial: Partial, args: Args) -> Args:
    merged = Args([*partial.args, *args.pos], {**partial.keywords, **args.named})
    merged.rest, merged.open = args.rest, args.open
    return merged


def invoke(m: Machine, func: Func, args: Args, first: Value, node: ast.AST) -> Value:
    """Walk a function of the file with the arguments of this call."""
    pos = [first, *args.pos] if first else args.pos
    key = (func, tuple(pos), tuple(args.named.items()), args.rest, args.open, args.outside, m.changed)
    if key in m.memo:
        return m.memo[key]
    if m.active.get(func.node, 0) >= 2 or m.depth >= MAX_DEPTH:
        if m.depth >= MAX_DEPTH:
            m.question(node, f"calls nest deeper than {MAX_DEPTH}: `{func.name}` was not followed")
        return DATA
    if m.contexts.get(func.node, 0) >= MAX_CONTEXTS:
        return _invoke_wide(m, func, first, node)
    m.contexts[func.node] = m.contexts.get(func.node, 0) + 1
    widened = Args(list(pos), args.named)
    widened.rest, widened.open, widened.outside = args.rest, args.open, args.outside
    m.memo[key] = DATA
    m.memo[key] = result = _walk(m, func, widened, first, node)
    return result


def _invoke_wide(m: Machine, func: Func, first: Value, node: ast.AST) -> Value:
    """One more walk that stands for all further calls: arguments unknown."""
    key = (func, first, "wide")
    if key not in m.memo:
        m.memo[key] = DATA
        args = Args([first] if first else [])
        args.rest, args.open = (ANY,), True
        m.memo[key] = _walk(m, func, args, first, node)
    return m.memo[key]


def _walk(m: Machine, func: Func, args: Args, first: Value, node: ast.AST) -> Value:
    scope = Scope(func.scope)
    outer = m.frame
    is_lambda = isinstance(func.node, ast.Lambda)
    via = outer.via if is_lambda else (*outer.via, label_of(node))
    m.frame = Frame(func.space, func.name, via, func.owner, first)
    m.active[func.node] = m.active.get(func.node, 0) + 1
    m.depth += 1
    try:
        take_arguments(m, func, args, scope)
        if isinstance(func.node, ast.Lambda):
            return m.eval(func.node.body, scope)
        m.run(func.node.body, scope)
        return m.frame.returns if m.frame.returns is not None else DATA
    finally:
        if scope.late:
            m.late += 1
            m.changed += scope.functions
        m.depth -= 1
        m.active[func.node] -= 1
        m.frame = outer


def take_arguments(m: Machine, func: Func, args: Args, scope: Scope) -> None:
    """Give each parameter its argument, its default, or nothing known."""
    spec = func.node.args
    plain = [*spec.posonlyargs, *spec.args]
    named = dict(args.named)
    firsts = len(plain) - len(spec.defaults)
    for at, parameter in enumerate(plain):
        if at < len(args.pos):
            value = args.pos[at]
        elif parameter.arg in named:
            value = named.pop(parameter.arg)
        else:
            default = spec.defaults[at - firsts] if at >= firsts else None
            value = _not_given(m, default, args, func.scope, parameter)
        scope.names[parameter.arg] = value
    for parameter, keyword_default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        given = named.pop(parameter.arg, None)
        scope.names[parameter.arg] = (
            given if given is not None else _not_given(m, keyword_default, args, func.scope, parameter)
        )
    if spec.vararg is not None:
        items = Items(args.pos[len(plain) :])
        items.rest, items.whole = args.rest or DATA, args.rest is None
        scope.names[spec.vararg.arg] = (items,)
    if spec.kwarg is not None:
        keyed = Items(keys=dict(named))  # type: ignore[arg-type]
        keyed.whole = not args.open
        scope.names[spec.kwarg.arg] = (keyed,)


def _not_given(m: Machine, default: ast.expr | None, args: Args, scope: Scope, parameter: ast.arg) -> Value:
    value = m.eval(default, scope) if default is not None else None
    if value is None and args.outside:
        return from_outside(m, parameter, scope)
    if value is None:
        return args.rest if args.rest is not None else DATA
    if args.rest is not None or args.open:
        return join(value, args.rest if args.rest is not None else DATA)
    return value


def instantiate(m: Machine, cls: Class, args: Args, node: ast.AST) -> Value:
    """Make an object: one for each place that makes one."""
    members = enum_members(m, cls)
    if members is not None:
        return members
    key = (cls, node, m.frame.first)
    made = m.made.get(key)
    if made is None:
        made = m.made[key] = Obj(cls)
        if len(m.made) > 20_000:
            m.made.clear()
    obj: Obj = made
    start = class_attribute(m, cls, "__init__")
    if start is not None:
        call(m, bind_to(m, start, (obj,), node), args, node)
    else:
        _without_init(m, cls, obj, args, node)
    for hook in ("__new__", "__post_init__"):
        extra = class_attribute(m, cls, hook)
        if extra is not None:
            call(m, bind_to(m, extra, (obj,), node), Args([]), node)
    hooks.made(m, obj, node)
    return (obj,)


def _without_init(m: Machine, cls: Class, obj: Obj, args: Args, node: ast.AST) -> None:
    """Dataclasses take their fields; subclasses of another package's class are made by it."""
    bodies = [s for c in reversed(family(cls)) for s in c.node.body]
    names = [s.target.id for s in bodies if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    for name, value in [*zip(names, args.pos, strict=False), *args.named.items()]:
        obj.attrs[name] = value
    for base in far_bases(m, cls):
        if isinstance(base, Api):
            made = call_api(m, base.name, args, node, None)
            obj.inst = next((a for a in made if isinstance(a, Inst)), obj.inst)
        else:
            m.question(node, base.reason)


CALL.append(call)


_CALLS: dict[type, Callable[[Machine, Any, Args, ast.AST], Value]] = {
    Api: lambda m, atom, args, node: call_api(m, atom.name, args, node, None),
    Member: lambda m, atom, args, node: call_api(m, f"{atom.inst.type}.{atom.name}", args, node, atom.inst),
    Inst: lambda m, atom, args, node: call_api(m, f"{atom.type}.__call__", args, node, atom),
    Func: lambda m, atom, args, node: invoke(m, atom, args, DATA, node),
    Method: lambda m, atom, args, node: invoke(m, atom.func, args, atom.first, node),
    Class: instantiate,
    Obj: _call_object,
    Partial: lambda m, atom, args, node: call(m, atom.func, _with_partial(atom, args), node),
    TextMember: _call_text,
    ItemsMember: lambda m, atom, args, node: items_method(m, atom.of, atom.name, args, node),
    Unknown: _call_unknown,
    FileModule: lambda _m, _atom, _args, _node: DATA,
}
