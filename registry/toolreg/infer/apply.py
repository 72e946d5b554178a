"""The call of an API: looked up in the catalogue, its effects noted, its result made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import cast

from toolreg.effects import Kind
from toolreg.infer.assign import given_away
from toolreg.infer.hooks import called_by_others, handed_over
from toolreg.infer.machine import Args, Call, Machine
from toolreg.infer.spec import UNLISTED, Argument, Entry
from toolreg.infer.values import DATA, Api, Class, Const, Inst, Items, Obj, Text, Value, const, unknown
from toolreg.infer.verbs import argument, perform

Model = Callable[[Machine, Call], Value]
MODELS: dict[str, Model] = {}


def model(*names: str) -> Callable[[Model], Model]:
    """Register the function that knows what a call of these APIs gives."""

    def register(function: Model) -> Model:
        for name in names:
            MODELS[name] = function
        return function

    return register


def call_api(m: Machine, name: str, args: Args, node: ast.AST, inst: Inst | None) -> Value:
    """Note what a call of a dotted API does; returns what it gives."""
    canonical, entry = m.catalogue.lookup(name)
    m.call_seen(canonical, node, args, inst.origin if inst is not None else None)
    _receive(m, canonical, args, node)
    if entry is None:
        return _not_listed(m, canonical, args, node)
    if entry is UNLISTED and inst is not None and not inst.type.startswith("toolreg."):
        guess(m, canonical.rpartition(".")[2], args, node)
    c = Call(args, node, canonical, inst)
    for does in entry.does:
        perform(m, c, does)
    special = MODELS.get(canonical)
    if special is not None:
        return special(m, c)
    for value in args.every():
        if value:
            given_away(m, value, node)
    return _result(m, entry, c)


def _receive(m: Machine, name: str, args: Args, node: ast.AST) -> None:
    """What other code may do with the arguments that it gets: read the environment, fill lists, make and call objects."""
    only_reads = name.startswith("builtins.") and name.count(".") == 1
    for value in args.every():
        for atom in value:
            kind = atom.__class__
            if kind is Const or kind is Text:
                continue
            if isinstance(atom, Items):
                atom.lent = atom.lent or not only_reads
            elif isinstance(atom, Api) and atom.name == "os.environ":
                m.effect("env", "*", node, "os.environ")
            elif isinstance(atom, Class) and called_by_others(m, atom):
                m.call((atom,), [], node)
            elif isinstance(atom, Obj):
                handed_over(m, atom, node)


def guess(m: Machine, name: str, args: Args, node: ast.AST) -> None:
    """A method of a value of unknown type whose name says what it does."""
    _, entry = m.catalogue.lookup("toolreg.any." + name)
    for does in entry.does if entry is not None else ():
        aim = does.target
        if isinstance(aim, Argument) and aim.optional and not args.pos and not args.named:
            continue
        kind = cast(Kind, _GUESSED.get(does.verb, does.verb))
        m.question(node, f"`.{name}()` on a value of unknown type", kind)


_GUESSED = {"save": "write", "load": "read", "open": "read", "shell": "run"}


def _not_listed(m: Machine, name: str, args: Args, node: ast.AST) -> Value:
    for value in args.every():
        if value:
            given_away(m, value, node)
    package = name.partition(".")[0]
    if m.native and any(name == n or name.startswith(n + ".") for n in m.native):
        m.effect("native", package, node, name)
        return DATA
    if m.catalogue.knows(name):
        if _PLAIN.search(name):
            return DATA
        reason = f"effects of `{name}` are unknown"
    else:
        reason = f"effects of package `{package}` are unknown"
    m.question(node, reason, once=True)
    return unknown(reason)


# What packages of clients offer beside their clients: data classes, errors, settings. Classes alone, no functions.
_PLAIN = re.compile(
    r"\.(types|models|errors|exceptions|enums?|schemas?|constants)\.(\w+\.)*[A-Z]\w*$"
    r"|\.([A-Z]\w*)?(Error|Exception|Warning|Config|Options|Params|Settings)$"
)


def _result(m: Machine, entry: Entry, c: Call) -> Value:
    args, inst = c.args, c.inst
    if entry is UNLISTED and inst is None and _is_class(c.name):
        return make_inst(m, c.name, DATA, c.node)
    if not entry.returns:
        return (
            make_inst(m, "toolreg.made", DATA, c.node) if any(d.verb == "code" for d in entry.does) else DATA
        )
    if entry.returns == "self":
        return (inst,) if inst is not None else DATA
    made_for = entry.made_for
    if made_for is None:
        target = DATA
    elif isinstance(made_for, str):
        target = const(made_for)
    elif made_for.of_self and not made_for.names:
        target = inst.target if inst is not None else DATA
    else:
        target = argument(made_for, args, inst) or (
            inst.target if made_for.of_self and inst is not None else DATA
        )
    return make_inst(m, entry.returns, target, c.node)


def _is_class(name: str) -> bool:
    return name[name.rfind(".") + 1 :][:1].isupper()


def make_inst(m: Machine, type_: str, target: Value, node: ast.AST) -> Value:
    """An instance of an API's type; one for each call and target."""
    key = (type_, target, node)
    found = m.made.get(key)
    if found is None:
        origin = node if isinstance(node, ast.Call) else None
        found = m.made[key] = (Inst(type_, target, origin),)
    return cast(Value, found)
