"""What a statement does to the names in sight. Each handler says whether the next statement is reached."""

from __future__ import annotations

import ast

from toolreg.infer.assign import bind
from toolreg.infer.attrs import attribute
from toolreg.infer.classes import bind_to, class_attribute, run_accessor
from toolreg.infer.containers import move
from toolreg.infer.definitions import class_, function
from toolreg.infer.imports import import_from, import_names
from toolreg.infer.items import element, subscript
from toolreg.infer.machine import CALLABLE, STMT, Machine
from toolreg.infer.narrow import Narrowed, narrowed
from toolreg.infer.patterns import match_
from toolreg.infer.scope import Scope
from toolreg.infer.sink import Sink
from toolreg.infer.values import DATA, Const, Inst, Items, Obj, Unknown, Value, api, const, join, unknown

MAX_ROUNDS = 6
_RETURNED = unknown("what a generator returned is not followed")
_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _expression(m: Machine, node: ast.Expr, scope: Scope) -> bool:
    if not isinstance(node.value, ast.Constant):
        m.eval(node.value, scope)
    return True


def _assign(m: Machine, node: ast.Assign, scope: Scope) -> bool:
    value = m.eval(node.value, scope)
    for target in node.targets:
        bind(m, target, value, scope)
    return True


def _annotated(m: Machine, node: ast.AnnAssign, scope: Scope) -> bool:
    if node.value is not None:
        bind(m, node.target, m.eval(node.value, scope), scope)
    return True


def _augmented(m: Machine, node: ast.AugAssign, scope: Scope) -> bool:
    if isinstance(node.target, (ast.Name, ast.Attribute)):
        load = ast.BinOp(node.target, node.op, node.value)
        bind(m, node.target, m.eval(load, scope), scope)
    else:
        bind(m, node.target, m.eval(node.value, scope), scope)
    return True


def _return(m: Machine, node: ast.Return, scope: Scope) -> bool:
    value = m.eval(node.value, scope) if node.value is not None else DATA
    m.whole_environment(value, node)
    m.frame.give(value)
    return False


def _raise(m: Machine, node: ast.Raise, scope: Scope) -> bool:
    for part in (node.exc, node.cause):
        if part is not None:
            m.eval(part, scope)
    return False


def _assert(m: Machine, node: ast.Assert, scope: Scope) -> bool:
    m.eval(node.test, scope)
    if node.msg is not None:
        m.eval(node.msg, scope)
    return True


def _delete(m: Machine, node: ast.Delete, scope: Scope) -> bool:
    for target in node.targets:
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            for atom in m.eval(target.value, scope):
                if isinstance(atom, Obj) and isinstance(target, ast.Attribute):
                    accessor = class_attribute(m, atom.cls, target.attr)
                    run_accessor(m, accessor, "deleter", (atom,), [], target)
                elif isinstance(atom, Items) and atom.keys is None:
                    move(atom)
    return True


def _jump(_m: Machine, _node: ast.stmt, _scope: Scope) -> bool:
    return True  # what follows may be skipped, and may not


def _if(m: Machine, node: ast.If, scope: Scope) -> bool:
    branches: list[dict[str, Value]] = []
    pending: list[ast.stmt] = [node]
    while len(pending) == 1 and isinstance(pending[0], ast.If):  # a loop: generated chains have thousands
        one = pending[0]
        m.step()
        truth = _truth(m, one.test, scope)
        if truth is False:
            _hints_only(m, one, scope)
        known = narrowed(m, one.test, scope)
        if truth is not False:
            reached = len(branches)
            _branch(m, one.body, scope, branches, known if known is not None and known.inside else None)
            if known is not None and not known.inside and not one.orelse and len(branches) == reached:
                scope.set(known.name, known.value)
        pending = one.orelse
        if truth is True:
            break
    else:
        _branch(m, pending, scope, branches)
    scope.merge(branches)
    return bool(branches)


def _branch(
    m: Machine,
    body: list[ast.stmt],
    scope: Scope,
    branches: list[dict[str, Value]],
    known: Narrowed | None = None,
) -> None:
    outer = scope.begin()
    if known is not None:
        scope.set(known.name, known.value)
    reached = m.run(body, scope)
    changed = scope.end(outer)
    if reached:
        branches.append(changed)


def _hints_only(m: Machine, node: ast.If, scope: Scope) -> None:
    """Names imported under TYPE_CHECKING mean something in type hints; nothing is imported."""
    if not isinstance(node.test, (ast.Name, ast.Attribute)):
        return
    sink, m.sink = m.sink, Sink()
    m.run([s for s in node.body if isinstance(s, (ast.Import, ast.ImportFrom))], scope)
    m.sink = sink


def _truth(m: Machine, test: ast.expr, scope: Scope) -> bool | None:
    """True or False where a test is settled: constants, TYPE_CHECKING, `__name__ == "__main__"`."""
    value = m.eval(test, scope)
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        is_main = isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value == "__main__"
        own = scope.get("__name__") is not None
        return (
            False if isinstance(test.ops[0], ast.Eq) and is_main and not own and len(test.ops) == 1 else None
        )
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return False if name == "TYPE_CHECKING" and value == const(False) else None


def _loop(m: Machine, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
    bind(m, node.target, element(m, m.eval(node.iter, scope)), scope)
    _repeat(m, node.body, scope)
    m.run(node.orelse, scope)
    return True


def _while(m: Machine, node: ast.While, scope: Scope) -> bool:
    m.eval(node.test, scope)
    _repeat(m, node.body, scope)
    m.run(node.orelse, scope)
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    return not endless or any(isinstance(n, ast.Break) for n in ast.walk(node))


def _repeat(m: Machine, body: list[ast.stmt], scope: Scope) -> None:
    """Walk a loop's body; again where it changes names that it may have read before."""
    so_far = m.changed
    outer = scope.begin()
    m.run(body, scope)
    changed = scope.end(outer)
    again = m.changed != so_far or any(name in scope.names for name in changed)
    scope.merge([changed, {}])
    if not again or m.active.get(scope, 0) >= 2:
        return
    m.active[scope] = m.active.get(scope, 0) + 1
    for _ in range(MAX_ROUNDS):
        before = {name: scope.names[name] for name in changed if name in scope.names}
        outer = scope.begin()
        m.run(body, scope)
        changed = scope.end(outer)
        scope.merge([changed, {}])
        if not any(_new_functions(scope.names.get(name, DATA), old) for name, old in before.items()):
            break
    m.active[scope] -= 1


def _new_functions(now: Value, before: Value) -> bool:
    """A name may stand for a function that it did not stand for one round earlier."""
    return now != before and any(isinstance(a, (*CALLABLE, Obj)) and a not in before for a in now)


def _with(m: Machine, node: ast.With | ast.AsyncWith, scope: Scope) -> bool:
    swallows = False
    for item in node.items:
        manager = m.eval(item.context_expr, scope)
        swallows = swallows or not manager or any(isinstance(a, (Obj, Items, Unknown)) for a in manager)
        value = _entered(m, manager, item.context_expr)
        if item.optional_vars is not None:
            bind(m, item.optional_vars, value, scope)
    if not swallows:
        return m.run(node.body, scope)
    outer = scope.begin()
    m.run(node.body, scope)
    scope.merge([scope.end(outer), {}])  # whatever is raised inside may end here
    return True


def _entered(m: Machine, value: Value, node: ast.AST) -> Value:
    """What `with x as y` gives y; for most managers it is x itself."""
    made: Value | None = None
    for atom in value:
        one: Value = (atom,)
        if isinstance(atom, Obj):
            enter = class_attribute(m, atom.cls, "__enter__") or class_attribute(m, atom.cls, "__aenter__")
            leave = class_attribute(m, atom.cls, "__exit__") or class_attribute(m, atom.cls, "__aexit__")
            one = m.call(bind_to(m, enter, (atom,), node), [], node) if enter else one
            if leave:
                m.call(bind_to(m, leave, (atom,), node), [], node)
        elif isinstance(atom, Items):  # a generator under @contextmanager
            inside = atom.any_of()
            one = (atom,) if any(isinstance(a, Inst) and a.type == "os.DirEntry" for a in inside) else inside
        elif isinstance(atom, Inst) and atom.type == "tempfile.Folder":
            one = atom.target
        made = one if made is None else join(made, one)
    return made if made is not None else DATA


def _try(m: Machine, node: ast.Try | ast.TryStar, scope: Scope) -> bool:
    branches: list[dict[str, Value]] = []
    outer = scope.begin()
    reached = m.run(node.body, scope)
    reached = reached and m.run(node.orelse, scope)
    changed = scope.end(outer)
    if reached:
        branches.append(changed)
    ways: list[dict[str, Value]] = [{}, changed]
    for handler in node.handlers:
        start = scope.begin()
        scope.merge([changed, {}])
        caught = m.eval(handler.type, scope) if handler.type is not None else DATA
        if handler.name:
            scope.set(handler.name, _RETURNED if caught == api("builtins.StopIteration") else DATA)
        goes_on = m.run(handler.body, scope)
        ways.append(scope.end(start))
        branches += ways[-1:] if goes_on else []
    scope.merge(ways if node.finalbody else branches)  # a `return` inside leads to `finally` too
    ended = m.run(node.finalbody, scope)
    return bool(branches) and ended


def _global(m: Machine, node: ast.Global | ast.Nonlocal, scope: Scope) -> bool:
    scope.declared = scope.declared or {}
    for name in node.names:
        home: Scope | None = m.frame.space.scope
        if isinstance(node, ast.Nonlocal):
            home = scope.up
            while home is not None and name not in home.names:
                home = home.up
        scope.declared[name] = home or m.frame.space.scope
    return True


STMT.update(
    {
        ast.Expr: _expression,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Return: _return,
        ast.Raise: _raise,
        ast.Assert: _assert,
        ast.Delete: _delete,
        ast.Break: _jump,
        ast.Continue: _jump,
        ast.If: _if,
        ast.For: _loop,
        ast.AsyncFor: _loop,
        ast.While: _while,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.Match: match_,
        ast.FunctionDef: function,
        ast.AsyncFunctionDef: function,
        ast.ClassDef: class_,
        ast.Global: _global,
        ast.Nonlocal: _global,
        ast.Import: import_names,
        ast.ImportFrom: import_from,
    }
)
__all__ = ["Const", "api", "attribute", "subscript"]
