"""What look-ups by name give: `getattr`, namespaces, imports with a computed name."""

from __future__ import annotations

import ast

from toolreg.infer.apply import model
from toolreg.infer.assign import given_away, set_attribute
from toolreg.infer.attrs import attribute
from toolreg.infer.classes import class_attribute, run_accessor
from toolreg.infer.imports import absolute, module_value
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import MADE, first, known_name
from toolreg.infer.values import (
    ANY,
    DATA,
    Api,
    Atom,
    Class,
    Const,
    FileModule,
    Inst,
    Items,
    Names,
    Obj,
    Partial,
    Super,
    Text,
    Value,
    api,
    const,
    join,
    join_all,
)


@model("dataclasses.field", "pydantic.Field", "attr.ib", "attr.field", "attrs.field")
def _field(m: Machine, c: Call) -> Value:
    """The default of a dataclass's field."""
    factory = c.args.get(-1, "default_factory", "factory")
    if factory:
        return m.call(factory, [], c.node)
    return c.args.get(0, "default") or DATA


@model("builtins.getattr", "inspect.getattr_static")
def _getattr(m: Machine, c: Call) -> Value:
    receiver, wanted = first(c.args), c.args.get(1, "name") or DATA
    names = [a.value for a in wanted if isinstance(a, Const) and isinstance(a.value, str)]
    found = [attribute(m, receiver, n, c.node) for n in names]
    if len(names) < max(1, len(wanted)):
        found.append(_any_attribute(m, receiver, c.node, _prefix(wanted)))
    default = c.args.get(2)
    value = join_all(found)
    return (
        join(value, default)
        if default is not None and default != const(None) and value
        else value or default or DATA
    )


def _prefix(wanted: Value) -> str:
    """What a computed name starts with: `"do_" + action`."""
    starts = {a.parts[0] for a in wanted if isinstance(a, Text) and isinstance(a.parts[0], str)}
    return str(starts.pop()) if len(starts) == 1 and len(wanted) == 1 else ""


def _any_attribute(m: Machine, receiver: Value, node: ast.AST, prefix: str) -> Value:
    """`getattr(x, computed)`: any method of an object of the file; of a module, any code."""
    made: list[Value] = []
    for atom in receiver:
        verbs = _http_verbs(m, atom)
        if verbs:
            made += [attribute(m, (atom,), verb, node) for verb in verbs]
        elif isinstance(atom, (Api, FileModule, Super)):
            m.effect("code", "*", node, "getattr")
            made.append(MADE)
        elif isinstance(atom, (Obj, Class)):
            cls = atom.cls if isinstance(atom, Obj) else atom
            made += [
                attribute(m, (atom,), n, node)
                for n in cls.attrs
                if not n.startswith("__") and n.startswith(prefix)
            ]
        elif isinstance(atom, Inst):
            m.question(node, f"which method of `{atom.type}` is called is not known")
    return join_all(made)


def _http_verbs(m: Machine, atom: Atom) -> list[str]:
    """`getattr(requests, method)`: the verbs of an HTTP client, which are all that is meant."""
    name = atom.name if isinstance(atom, Api) else atom.type if isinstance(atom, Inst) else ""
    listed = [m.catalogue.lookup(f"{name}.{verb}")[1] for verb in _VERBS] if name else []
    complete = all(e is not None and any(d.verb == "net" for d in e.does) for e in listed)
    return list(_VERBS) if listed and complete else []


_VERBS = ("get", "post", "put", "patch", "delete")


@model("builtins.setattr", "builtins.delattr")
def _setattr(m: Machine, c: Call) -> Value:
    wanted = known_name(c.args.get(1))
    value = c.args.get(2) or DATA
    if wanted is not None:
        set_attribute(m, first(c.args), wanted, value, c.node)
        return DATA
    for atom in first(c.args):
        if isinstance(atom, (Api, FileModule)):
            m.effect("code", "*", c.node, c.name)
        elif isinstance(atom, Obj):
            for accessor in list(atom.cls.attrs):
                run_accessor(m, class_attribute(m, atom.cls, accessor), "setter", (atom,), [value], c.node)
    given_away(m, value, c.node)
    return DATA


@model("builtins.vars", "builtins.globals", "builtins.locals")
def _namespace(m: Machine, c: Call) -> Value:
    if c.args.pos:
        return (Names(c.args.pos[0]),)
    return (Names((FileModule(m.frame.space),)),) if c.name != "builtins.locals" else DATA


@model("toolreg.names.get", "toolreg.names.pop", "toolreg.names.__getitem__", "toolreg.names.setdefault")
def _from_namespace(m: Machine, c: Call) -> Value:
    names = c.args.pos[0] if c.args.pos else DATA
    receiver = names[0].of if names and isinstance(names[0], Names) else DATA
    return m.call(api("builtins.getattr"), [receiver, *c.args.pos[1:]], c.node)


@model("toolreg.names.update", "toolreg.names.values", "toolreg.names.items")
def _all_of_namespace(m: Machine, c: Call) -> Value:
    names = c.args.pos[0] if c.args.pos else DATA
    if not names or not isinstance(names[0], Names):
        return DATA
    if any(isinstance(a, Api) for a in names[0].of):
        m.effect("code", "*", c.node, c.name.rpartition(".")[2])
        return DATA
    given = [a.keys or {} for value in c.args.pos[1:] for a in value if isinstance(a, Items)]
    for name, one in [*c.args.named.items(), *(pair for keys in given for pair in keys.items())]:
        set_attribute(m, names[0].of, str(name), one, c.node)
    return DATA


@model("builtins.__import__", "importlib.import_module", "importlib.__import__")
def _import(m: Machine, c: Call) -> Value:
    found: list[Value] = []
    wanted = c.args.get(0, "name") or DATA
    for atom in wanted or (ANY,):
        if isinstance(atom, Const) and isinstance(atom.value, str):
            level = len(atom.value) - len(atom.value.lstrip("."))
            module = absolute(m.frame.space, atom.value[level:], level)
            top = (
                module.partition(".")[0]
                if c.name == "builtins.__import__" and c.args.get(3, "fromlist") is None
                else module
            )
            found.append(module_value(m, top, c.node, relative=level > 0))
        else:
            m.effect("code", "*", c.node, c.name)
            found.append(MADE)
    return join_all(found)


@model("operator.attrgetter")
def _attrgetter(_m: Machine, c: Call) -> Value:
    return (Partial(api("toolreg.attrgetter"), (first(c.args),), {}),)


@model("toolreg.attrgetter")
def _attrgot(m: Machine, c: Call) -> Value:
    receiver, wanted = c.args.get(1) or DATA, known_name(first(c.args))
    if wanted is None:
        return m.call(api("builtins.getattr"), [receiver, first(c.args)], c.node)
    for part in wanted.split("."):
        receiver = attribute(m, receiver, part, c.node)
    return receiver


@model("operator.methodcaller")
def _methodcaller(_m: Machine, c: Call) -> Value:
    return (Partial(api("toolreg.methodcaller"), tuple(c.args.pos), c.args.named),)


@model("toolreg.methodcaller")
def _methodcalled(m: Machine, c: Call) -> Value:
    if len(c.args.pos) < 2:
        return DATA
    method = m.call(api("builtins.getattr"), [c.args.pos[-1], c.args.pos[0]], c.node)
    return m.call(method, c.args.pos[1:-1], c.node)
