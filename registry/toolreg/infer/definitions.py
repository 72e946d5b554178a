"""Functions and classes as they are defined, their decorators applied."""

from __future__ import annotations

import ast

from toolreg.infer import hooks
from toolreg.infer.apply import MODELS
from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import Api, Atom, Class, Func, Member, Method, Obj, Partial, Value, join

_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> bool:
    space = m.frame.space
    owner = scope.owner if isinstance(scope.owner, Class) else None
    around = scope.up if owner is not None and scope.up is not None else scope
    key = (node, around)
    made = m.made.get(key)
    if made is None:
        around.inner = True
        made = m.made[key] = Func(node, around, space, owner)
    _hints(m, node, scope)
    value: Value = (made,)
    for decorator in reversed(node.decorator_list):
        word = getattr(decorator, "id", getattr(decorator, "attr", ""))
        if word in ("setter", "deleter", "getter") and node.name in scope.names:
            value = join(scope.names[node.name], value)  # one property of several functions
        elif word not in _KEEP:
            value = _decorated(m, m.eval(decorator, scope), value, decorator)
    m.created[node] = value
    scope.set(node.name, value)
    return True


# Decorators that leave the function what it is.
_KEEP = frozenset(
    (
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "DynamicClassAttribute",
        "setter",
        "getter",
        "deleter",
        "tool",
        "override",
        "abstractmethod",
    )
)


def _hints(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
    """Type hints are expressions: a call in one runs when the function is made."""
    spec = node.args
    if node.returns is not None and node.returns.__class__ not in _PLAIN_HINTS and _calls(node.returns):
        m.eval(node.returns, scope)
    for arguments in (spec.posonlyargs, spec.args, spec.kwonlyargs):
        for argument in arguments:
            hint = argument.annotation
            if hint is not None and hint.__class__ not in _PLAIN_HINTS and _calls(hint):
                m.eval(hint, scope)


_PLAIN_HINTS = (ast.Name, ast.Constant, ast.Attribute)


def _calls(hint: ast.expr) -> bool:
    if isinstance(hint, _PLAIN_HINTS):
        return False
    if isinstance(hint, ast.Subscript):
        return _calls(hint.value) or _calls(hint.slice)
    if isinstance(hint, ast.BinOp):
        return _calls(hint.left) or _calls(hint.right)
    return any(map(_calls, hint.elts)) if isinstance(hint, (ast.Tuple, ast.List)) else True


def _decorated(m: Machine, decorator: Value, value: Value, node: ast.expr) -> Value:
    """What stands under the name after a decorator; unknown ones leave the function as it is."""
    if not any(isinstance(a, (Func, Obj, Class, Partial)) or _does(m, a) for a in decorator):
        return value
    result = m.call(decorator, [value], node)
    callables = (Func, Obj, Class, Partial, Api, Member, Method)
    return result if any(isinstance(a, callables) for a in result) else value


def _does(m: Machine, decorator: Atom) -> bool:
    """A decorator of another package that does something with the function, or of which nobody knows."""
    if not isinstance(decorator, (Api, Member)):
        return False
    name = decorator.name if isinstance(decorator, Api) else f"{decorator.inst.type}.{decorator.name}"
    canonical, entry = m.catalogue.lookup(name)
    return entry is None or bool(entry.does) or canonical in MODELS


def class_(m: Machine, node: ast.ClassDef, scope: Scope) -> bool:
    key = (node, scope)
    made = m.made.get(key)
    if made is None:
        bases: Value = ()
        for base in node.bases:
            bases += m.eval(base, scope)
        made = m.made[key] = Class(node, m.frame.space, bases)
    cls: Class = made
    inner = Scope(scope)
    inner.owner = cls
    keywords = {keyword.arg or "": m.eval(keyword.value, scope) for keyword in node.keywords}
    m.run(node.body, inner)
    cls.attrs.update(inner.names)
    hooks.defined(m, cls, keywords, node)
    value: Value = (cls,)
    for decorator in reversed(node.decorator_list):
        changed = _decorated(m, m.eval(decorator, scope), value, decorator)
        value = changed if any(isinstance(a, Class) for a in changed) else value
    m.created[node] = value
    scope.set(node.name, value)
    return True
