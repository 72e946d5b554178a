"""What `x[key]` and an element of `x` may be."""

from __future__ import annotations

import ast

from toolreg.infer.classes import bind_to, class_attribute, enum_members
from toolreg.infer.machine import Machine
from toolreg.infer.values import (
    DATA,
    Api,
    Atom,
    Class,
    Const,
    Inst,
    Items,
    Member,
    Names,
    Obj,
    Text,
    Unknown,
    Value,
    api,
    const,
    derived,
    join,
    join_all,
)


def subscript(m: Machine, value: Value, index: Value, node: ast.AST) -> Value:
    """What `value[index]` may be."""
    found: Value | None = None
    for atom in value:
        one = _item(m, atom, index, node)
        found = one if found is None else join(found, one)
    return found if found is not None else DATA


def _item(m: Machine, atom: Atom, index: Value, node: ast.AST) -> Value:
    match atom:
        case Items():
            return (atom,) if _is_slice(node) and atom.keys is None else item_of(atom, index)
        case Const(value=str() as whole) if isinstance(node, ast.Subscript):
            return _slice_of(whole, node.slice)
        case Text() | Const():
            return derived((atom,))
        case Api(name="os.environ" | "os.environb" | "sys.modules" | "builtins"):
            return _of_interpreter(m, atom, index, node)
        case Class() | Obj():
            return _by_method(m, atom, index, node)
        case Api() | Unknown():
            return (atom,)  # `list[int]`, `Generic[T]`
        case Inst():
            return (atom,)
        case Member():
            return (atom.inst,)
        case Names():
            return m.call(api("builtins.getattr"), [atom.of, index], node) if atom.of else DATA
    return DATA


def _of_interpreter(m: Machine, atom: Api, index: Value, node: ast.AST) -> Value:
    """A variable of the environment, a module, a builtin."""
    match atom.name:
        case "os.environ":
            return m.call(api("os.environ.get"), [index], node)
        case "os.environb":
            m.effect("env", "*", node, atom.name)
            return DATA
        case "sys.modules":
            return m.call(api("importlib.import_module"), [index], node)
    return m.call(api("builtins.getattr"), [(atom,), index], node)


def _by_method(m: Machine, atom: Class | Obj, index: Value, node: ast.AST) -> Value:
    """`x[index]` of an object or a class of the file; a class without the method is a type hint."""
    cls, name = (atom.cls, "__getitem__") if isinstance(atom, Obj) else (atom, "__class_getitem__")
    if isinstance(atom, Class):
        wanted = index[0].value if len(index) == 1 and isinstance(index[0], Const) else None
        members = enum_members(m, atom, wanted if isinstance(wanted, str) else None)
        if members is not None:
            return members
    getter = class_attribute(m, cls, name)
    if getter:
        return m.call(bind_to(m, getter, (atom,), node), [index], node)
    return DATA if isinstance(atom, Obj) else (atom,)


def _is_slice(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)


def _slice_of(whole: str, node: ast.expr) -> Value:
    try:
        where = (
            ast.literal_eval(node)
            if not isinstance(node, ast.Slice)
            else slice(
                *(ast.literal_eval(p) if p is not None else None for p in (node.lower, node.upper, node.step))
            )
        )
        return const(whole[where])
    except (ValueError, TypeError, IndexError, SyntaxError):
        return DATA


def item_of(items: Items, index: Value) -> Value:
    """The elements an index may pick."""
    items.seen = True
    if len(index) == 1 and isinstance(index[0], Const):
        key = index[0].value
        if items.keys is not None and key in items.keys:
            return items.keys[key]
        if (
            items.keys is None
            and isinstance(key, int)
            and items.whole
            and -len(items.values) <= key < len(items.values)
        ):
            return items.values[key]
        if items.whole and items.keys is not None:
            return DATA
    return items.any_of()


def element(m: Machine, value: Value) -> Value:
    """What iterating over a value may give."""
    found: Value | None = None
    for atom in value:
        one: Value
        if isinstance(atom, Items) and atom.whole and not atom.values and not atom.keys and len(value) > 1:
            atom.seen = True  # an empty one gives nothing
            continue
        if isinstance(atom, Items):
            one = join_all(const(k) for k in list(atom.keys)[:16]) if atom.keys is not None else atom.any_of()
        elif isinstance(atom, Inst):
            one = _elements_of(atom)
        elif isinstance(atom, (Text, Unknown)):
            one = derived((atom,)) if isinstance(atom, Text) else (atom,)
        elif isinstance(atom, Api):
            m.whole_environment((atom,), m.here)
            one = DATA
        elif isinstance(atom, Obj):
            method = class_attribute(m, atom.cls, "__iter__")
            made = m.call(bind_to(m, method, (atom,), atom.cls.node), [], atom.cls.node) if method else DATA
            one = join_all(x.any_of() for x in made if isinstance(x, Items))
        elif isinstance(atom, Class):
            one = enum_members(m, atom) or DATA
        else:
            one = DATA
        found = one if found is None else join(found, one)
    return found if found is not None else DATA


def _elements_of(atom: Inst) -> Value:
    if atom.type in ("pathlib.Listing", "pathlib.Path"):
        return (Inst("pathlib.Path", atom.target, atom.origin),)
    return (
        (Inst(atom.type.removesuffix("s"), atom.target, atom.origin),)
        if atom.type.endswith(("Files", "Results"))
        else DATA
    )
