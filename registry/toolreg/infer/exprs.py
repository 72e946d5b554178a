"""What an expression may be."""

from __future__ import annotations

import ast
import builtins

from toolreg.infer.attrs import attribute
from toolreg.infer.calls import call_node
from toolreg.infer.displays import comprehension, dict_comprehension, mapping, sequence
from toolreg.infer.items import element, subscript
from toolreg.infer.machine import EXPR, Machine
from toolreg.infer.scope import Scope
from toolreg.infer.texts import add_text, format_percent, to_text
from toolreg.infer.values import (
    DATA,
    Api,
    Const,
    Func,
    Hole,
    Inst,
    Items,
    Part,
    Text,
    Value,
    api,
    const,
    derived,
    hole,
    join,
    join_all,
    text,
    unknown,
)

BUILTINS = frozenset(dir(builtins)) | {"__builtins__", "__file__", "__name__"}
_WIDE = 12
_DEEP = 200


def _name(m: Machine, node: ast.Name, scope: Scope) -> Value:
    found = scope.get(node.id)
    if found is not None:
        return found
    return _global_name(m, node.id)


def _global_name(m: Machine, name: str) -> Value:
    space = m.frame.space
    if name in BUILTINS:
        return _builtin(space.name, name)
    for star in space.stars:
        value = attribute(m, star, name, ast.Name(name))
        if value:
            return value
    if name in ("Tool", "tool"):  # a snippet or a template: what else should it mean
        return api("smolagents." + name)
    return unknown(f"the name `{name}` is defined nowhere in sight")


def _builtin(module: str, name: str) -> Value:
    if name == "__builtins__":
        return api("builtins")
    if name == "__name__":
        return const(module)
    if name == "__file__":
        return text((hole("depends on where the file is installed"),))
    return api("builtins." + name)


def _constant(_m: Machine, node: ast.Constant, _scope: Scope) -> Value:
    return const(node.value) if node.value is not ... else DATA


def _attribute(m: Machine, node: ast.Attribute, scope: Scope) -> Value:
    return attribute(m, m.eval(node.value, scope), node.attr, node)


def _fstring(m: Machine, node: ast.JoinedStr, scope: Scope) -> Value:
    choices: list[tuple[Part, ...]] = [()]
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            choices = [(*c, str(piece.value)) for c in choices]
        elif isinstance(piece, ast.FormattedValue):
            if piece.format_spec is not None:
                m.eval(piece.format_spec, scope)
            value = m.eval(piece.value, scope)
            m.whole_environment(value, node)
            inserted = to_text(value)
            choices = [(*c, *i) for c in choices for i in inserted][:_WIDE]
    return join_all(text(c) for c in choices)


def _binary(m: Machine, node: ast.BinOp, scope: Scope) -> Value:
    chain: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):  # a loop: texts put together from thousands of pieces exist
        chain.append(left)
        left = left.left
    value = m.eval(left, scope)
    for one in reversed(chain):
        right = m.eval(one.right, scope)
        m.whole_environment(right, node)
        value = _operate(value, right, one.op)
    return value


def _operate(a: Value, b: Value, op: ast.operator) -> Value:
    if isinstance(op, ast.Add):
        return _add(a, b)
    if isinstance(op, ast.Div):
        return join_all(_child(x, b) for x in a if isinstance(x, Inst)) or derived(b)
    if isinstance(op, ast.Mod) and any(isinstance(x, (Const, Text)) for x in a):
        return format_percent(a, b)
    if isinstance(op, ast.Mult):
        return a if a and isinstance(a[0], Items) else derived(a + b)
    if isinstance(op, ast.BitOr):
        return _merged_items(a, b) or derived(a + b)
    return derived(a + b)


def _child(parent: Inst, name: Value) -> Value:
    if parent.type not in ("pathlib.Path", "yarl.URL"):
        return DATA
    return (Inst(parent.type, add_text(parent.target, name, between="/"), parent.origin),)


def _add(a: Value, b: Value) -> Value:
    if any(isinstance(x, Items) for x in (*a, *b)):
        return _merged_items(a, b) or a
    if not a and not b:
        return DATA
    return add_text(a, b)


def _merged_items(a: Value, b: Value) -> Value:
    lists = [x for x in (*a, *b) if isinstance(x, Items)]
    if not lists:
        return DATA
    merged = Items([v for x in lists for v in x.values][:256])
    keyed = [x.keys for x in lists if x.keys is not None]
    merged.keys = {k: v for keys in keyed for k, v in keys.items()} if keyed else None
    merged.rest = join_all(x.rest for x in lists)
    merged.whole = all(x.whole for x in lists) and all(isinstance(x, Items) for x in (*a, *b))
    return (merged,)


def _either(m: Machine, node: ast.BoolOp, scope: Scope) -> Value:
    values = [m.eval(v, scope) for v in node.values]
    if isinstance(node.op, ast.And):
        return values[-1]
    # `os.environ.get("X") or "https://…"`: the fallback is the default of the variable
    if any(isinstance(x, Const) and x.value for x in values[-1]):
        values[:-1] = [_without_environment(v) for v in values[:-1]]
    return join_all([*(v for v in map(_truthy, values[:-1]) if v is not None), values[-1]])


def _truthy(value: Value) -> Value | None:
    """What `value or …` passes on of it; None if nothing."""
    kept = tuple(x for x in value if not (isinstance(x, Const) and not x.value))
    return kept if kept or not value else None


def _without_environment(value: Value) -> Value:
    kept = tuple(x for x in value if not (isinstance(x, Text) and _is_environment(x)))
    return kept if kept or not value else const(None)


def _is_environment(atom: Text) -> bool:
    return len(atom.parts) == 1 and isinstance(atom.parts[0], Hole) and atom.parts[0].role == "env"


def _is_none(value: Value) -> bool:
    return bool(value) and all(isinstance(x, Const) and x.value is None for x in value)


def _conditional(m: Machine, node: ast.IfExp, scope: Scope) -> Value:
    m.eval(node.test, scope)
    return join(m.eval(node.body, scope), m.eval(node.orelse, scope))


def _lambda(m: Machine, node: ast.Lambda, scope: Scope) -> Value:
    for default in (*node.args.defaults, *node.args.kw_defaults):
        if default is not None:
            m.eval(default, scope)
    return _function_atom(m, node, scope)


def _function_atom(m: Machine, node: ast.Lambda, scope: Scope) -> Value:
    key = (node, scope)
    if key not in m.made:
        scope.inner = True
        m.made[key] = (Func(node, scope, m.frame.space, None),)
    value: Value = m.made[key]
    return value


def _subscript(m: Machine, node: ast.Subscript, scope: Scope) -> Value:
    value = m.eval(node.value, scope)
    index = m.eval(node.slice, scope)
    return subscript(m, value, index, node)


def _walrus(m: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = m.eval(node.value, scope)
    scope.set(node.target.id, value)
    return value


def _pass_through(m: Machine, node: ast.Await | ast.Starred, scope: Scope) -> Value:
    return m.eval(node.value, scope)


def _yield(m: Machine, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
    value = m.eval(node.value, scope) if node.value is not None else DATA
    items = Items()
    items.rest, items.whole = value if isinstance(node, ast.Yield) else element(m, value), False
    m.frame.give((items,))
    return DATA


def _compare(m: Machine, node: ast.Compare, scope: Scope) -> Value:
    left = m.eval(node.left, scope)
    for other in node.comparators:
        value = m.eval(other, scope)
        if any(isinstance(a, Api) and a.name == "os.environ" for a in value):
            m.call(api("os.environ.get"), [left], node)
    return DATA


EXPR.update(
    {
        ast.Name: _name,
        ast.Constant: _constant,
        ast.Attribute: _attribute,
        ast.JoinedStr: _fstring,
        ast.BinOp: _binary,
        ast.BoolOp: _either,
        ast.IfExp: _conditional,
        ast.Lambda: _lambda,
        ast.List: sequence,
        ast.Tuple: sequence,
        ast.Set: sequence,
        ast.Dict: mapping,
        ast.Subscript: _subscript,
        ast.ListComp: comprehension,
        ast.SetComp: comprehension,
        ast.GeneratorExp: comprehension,
        ast.DictComp: dict_comprehension,
        ast.NamedExpr: _walrus,
        ast.Await: _pass_through,
        ast.Starred: _pass_through,
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
        ast.Compare: _compare,
        ast.Call: call_node,
    }
)
