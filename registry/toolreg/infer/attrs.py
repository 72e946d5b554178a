"""What `x.name`, `x[key]` and an element of `x` may be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, cast

from toolreg.infer.aliases import CONSTANTS, OWN_MODULES, SHARED, is_alias
from toolreg.infer.classes import bind_to, class_attribute, decorators_of, enum_members, far_bases
from toolreg.infer.machine import Machine
from toolreg.infer.texts import name_of, parent_of
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
    Names,
    Obj,
    Partial,
    Super,
    Text,
    TextMember,
    Unknown,
    Value,
    api,
    const,
    derived,
    join,
    join_all,
    unknown,
)

# Doors from any object to everything the interpreter can do.
DOORS = frozenset(
    [
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__code__",
        "__closure__",
        "f_globals",
        "f_locals",
        "f_builtins",
        "f_back",
        "tb_frame",
        "gi_frame",
        "cr_frame",
        "ag_frame",
        "gi_code",
        "cr_code",
        "__getattribute__",
        "__loader__",
        "__spec__",
        "__reduce__",
        "__reduce_ex__",
    ]
)
_NAMESPACE = "__dict__"
_SELF_KEEPING = frozenset({"parent", "parents", "absolute", "resolve"})


def attribute(m: Machine, value: Value, name: str, node: ast.AST) -> Value:
    """What attribute `name` of a value may be."""
    if name in DOORS:
        _door(m, value, name, node)
    found: Value | None = None
    for atom in value:
        if atom is ANY:
            continue
        one = _of_atom(m, atom, name, node)
        found = one if found is None else join(found, one)
    return found if found is not None else DATA


def _door(m: Machine, value: Value, name: str, node: ast.AST) -> None:
    own = name in ("__loader__", "__spec__", "__reduce__", "__reduce_ex__", "__getattribute__")
    if own and any(isinstance(a, (Super, Obj)) for a in value):
        return
    m.effect("code", "*", node, name)


def _of_atom(m: Machine, atom: Atom, name: str, node: ast.AST) -> Value:
    handler = _ATTRIBUTES.get(atom.__class__)
    return handler(m, atom, name, node) if handler is not None else DATA


def _of_items(_m: Machine, atom: Items, name: str, _node: ast.AST) -> Value:
    method: Value = (ItemsMember(atom, name),)
    if atom.keys is None or name not in atom.keys or hasattr(dict, name):
        return method
    return atom.keys[name]  # of a `SimpleNamespace`: a plain mapping has no such attribute


def _of_names(_m: Machine, atom: Names, name: str, _node: ast.AST) -> Value:
    return (Partial(api("toolreg.names." + name), ((atom,),), {}),)


def _of_function(m: Machine, atom: Func | Method | Partial, name: str, _node: ast.AST) -> Value:
    kept = m.made.get((atom, name, "attribute"))
    if kept is not None:
        return cast(Value, kept)
    if name == "register":  # of `functools.singledispatch`
        return (Partial(api("toolreg.register"), ((atom,),), {}),)
    if name in ("__call__", "__wrapped__", "fget", "fset", "fdel", "__get__", "__set__", "__delete__"):
        return (atom,)
    if name in ("__func__", "func"):
        return (atom.func,) if isinstance(atom, Method) else atom.func if isinstance(atom, Partial) else DATA
    return DATA


def _of_api(m: Machine, atom: Api, name: str, node: ast.AST) -> Value:
    if name == _NAMESPACE:
        return (Names((atom,)),)
    full = f"{atom.name}.{name}"
    special = CONSTANTS.get(full)
    if special is not None:
        return special
    if full.startswith("os.environ._"):
        m.effect("env", "*", node, full)
    if name in ("__func__", "__wrapped__"):
        return (atom,)
    if name == "__self__":
        return api(atom.name.rpartition(".")[0] or "builtins")
    if is_alias(atom.name, name):
        return api(name.lstrip("_"))
    if full == "os.environ" or name in ("__name__", "__doc__", "__version__"):
        return api(full) if full == "os.environ" else DATA
    if (
        name in SHARED
        and full not in OWN_MODULES
        and not atom.name.startswith(("multiprocessing", "toolreg"))
    ):
        return api(name)
    if m.options.search and not m.catalogue.knows(full):
        space = m.find_module(full, m.frame.space)
        if space is not None:
            return (FileModule(space),)
    _ = node
    return api(full)


def _of_inst(atom: Inst, name: str) -> Value:
    if atom.type == "pathlib.Path":
        if name in ("parent", "parents"):
            return (Inst(atom.type, parent_of(atom.target), atom.origin),)
        if name == "name":
            return name_of(atom.target)
        if name in ("stem", "suffix", "parts", "suffixes"):
            return derived(atom.target)
    if atom.type == "os.DirEntry" and name in ("path", "name"):
        return atom.target if name == "path" else derived(atom.target)
    if name in ("name", "host", "netloc", "hostname") and atom.type in (
        "tempfile.File",
        "io.File",
        "yarl.URL",
    ):
        return atom.target
    return (Member(atom, name),)


def of_object(m: Machine, atom: Obj, name: str, node: ast.AST) -> Value:
    """An attribute of an object: its own values, or those of its class bound to it."""
    m.looked.add(name)
    if name == _NAMESPACE:
        items = Items()
        items.keys = cast(dict[object, Value], atom.attrs)  # what is put in is an attribute
        return (items,)
    if name == "__class__":
        return (atom.cls,)
    first = class_attribute(m, atom.cls, "__getattribute__")
    if first:
        return m.call(bind_to(m, first, (atom,), node), [const(name)], node)
    own = atom.attrs.get(name)
    shared = class_attribute(m, atom.cls, name)
    if shared is None and own is None:
        return _missing(m, atom, name, node)
    bound = bind_to(m, shared, (atom,), node) if shared is not None else None
    if own is None or bound is None:
        return own if own is not None else bound or DATA
    return join(own, bound)


def _missing(m: Machine, atom: Obj, name: str, node: ast.AST) -> Value:
    if atom.inst is not None:
        return _of_inst(atom.inst, name)
    getter = class_attribute(m, atom.cls, "__getattr__")
    if getter:
        return m.call(bind_to(m, getter, (atom,), node), [const(name)], node)
    for base in far_bases(m, atom.cls):
        if isinstance(base, Api):
            return (Member(Inst(base.name, DATA, None), name),)
        if isinstance(base, Unknown):
            return (base,)
    return DATA


def of_class(m: Machine, atom: Class, name: str, _node: ast.AST) -> Value:
    m.looked.add(name)
    if name == _NAMESPACE:
        items = Items(keys=dict(atom.attrs))  # type: ignore[arg-type]
        return (items,)
    found = class_attribute(m, atom, name)
    member = enum_members(m, atom, name) if found is not None else None
    if member is not None:
        return member
    if found is None:
        return join_all(
            (base,) if isinstance(base, Unknown) else api(f"{base.name}.{name}")
            for base in far_bases(m, atom)
        )
    kinds = decorators_of(found)
    return tuple(
        Method(a, (atom,)) if isinstance(a, Func) and kinds.get(a) == "classmethod" else a for a in found
    )


def _of_super(m: Machine, atom: Super, name: str, node: ast.AST) -> Value:
    for base in atom.cls.bases:
        if isinstance(base, Class):
            found = class_attribute(m, base, name)
            if found is not None:
                return bind_to(m, found, atom.first, node)
    making = m.made.get((atom.cls, "making"))
    if making is not None and name == "__new__":  # a metaclass makes the class whose body was just read
        return (Partial(api("toolreg.same"), ((making,),), {}),)
    far = far_bases(m, atom.cls)
    made: list[Value] = []
    for one in far:
        if isinstance(one, Api):
            made.append((Member(Inst(one.name, DATA, None), name),))
        else:
            made.append((one,))
    return join_all(made) if made else api("builtins.object." + name)


def of_module(m: Machine, atom: FileModule, name: str, node: ast.AST) -> Value:
    space = atom.space
    found = space.scope.names.get(name)
    if found is not None:
        return found
    if name == "__builtins__":
        return api("builtins")
    inner = m.find_module(f"{space.name}.{name}", space)
    if inner is not None:
        return (FileModule(inner),)
    for star in space.stars:
        value = attribute(m, star, name, node)
        if value:
            return value
    if name == _NAMESPACE:
        return (Names((atom,)),)
    return unknown(f"`{name}` is not found in {space.name or space.path}")


_ATTRIBUTES: dict[type, Callable[[Machine, Any, str, ast.AST], Value]] = {
    Api: _of_api,
    Inst: lambda _m, atom, name, _node: _of_inst(atom, name),
    Member: lambda _m, atom, name, _node: (Member(atom.inst, f"{atom.name}.{name}"),),
    Obj: of_object,
    Class: of_class,
    Super: _of_super,
    Text: lambda _m, atom, name, _node: (TextMember(atom, name),),
    Const: lambda _m, atom, name, _node: (atom if name == "value" else TextMember(atom, name),),  # of an enum
    Items: _of_items,
    Unknown: lambda _m, atom, _name, _node: (atom,),
    FileModule: of_module,
    Names: _of_names,
    Func: _of_function,
    Method: _of_function,
    Partial: _of_function,
}
