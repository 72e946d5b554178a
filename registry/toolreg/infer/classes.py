"""Classes of the file: their attributes, their bases, and functions that become methods."""

from __future__ import annotations

import ast

from toolreg.infer.machine import Machine
from toolreg.infer.values import (
    Api,
    Class,
    Func,
    Method,
    Obj,
    Unknown,
    Value,
    const,
    join_all,
)


def class_attribute(m: Machine, cls: Class, name: str, depth: int = 0) -> Value | None:
    """An attribute of a class or of its bases in sight, as it stands in the class."""
    found = cls.attrs.get(name)
    if found is not None or depth > 20:
        return found
    for base in cls.bases:
        if isinstance(base, Class):
            found = class_attribute(m, base, name, depth + 1)
            if found is not None:
                return found
    return None


def enum_members(m: Machine, cls: Class, only: str | None = None) -> Value | None:
    """The members of an enum, or the one of that name; None where the class is no enum or the name no member."""
    if not any(isinstance(b, Api) and b.name.startswith("enum.") for b in far_bases(m, cls)):
        return None
    found: list[Value] = []
    for name, value in cls.attrs.items():
        if (
            (only is None or name == only)
            and not name.startswith("_")
            and not any(isinstance(a, Func) for a in value)
        ):
            found.append(_member(m, cls, name, value))
    return join_all(found) if found else None


def _member(m: Machine, cls: Class, name: str, value: Value) -> Value:
    """A member has the class's methods; one of a mixed-in text or number stands for that too."""
    made = m.made.get((cls, name, "member"))
    if made is None:
        made = Obj(cls)
        made.attrs.update(value=value, _value_=value, name=const(name), _name_=const(name))
        mixed = any(isinstance(b, Api) and b.name not in ("enum.Enum", "enum.Flag") for b in cls.bases)
        made = m.made[(cls, name, "member")] = (made, *value) if mixed else (made,)
    members: Value = made
    return members


def far_bases(m: Machine, cls: Class, depth: int = 0) -> list[Api | Unknown]:
    """The bases out of sight: those of other packages, and unknown ones."""
    far: list[Api | Unknown] = []
    for base in cls.bases:
        if isinstance(base, (Api, Unknown)):
            far.append(base)
        elif isinstance(base, Class) and depth < 20:
            far += far_bases(m, base, depth + 1)
    return far


def decorators_of(value: Value) -> dict[Func, str]:
    """Which functions are static, class methods or properties."""
    kinds: dict[Func, str] = {}
    for atom in value:
        if isinstance(atom, Func) and not isinstance(atom.node, ast.Lambda):
            for decorator in atom.node.decorator_list:
                name = getattr(decorator, "attr", getattr(decorator, "id", ""))
                if name in ("staticmethod", "classmethod"):
                    kinds[atom] = name
                elif name in ("property", "cached_property", "getter", "DynamicClassAttribute"):
                    kinds[atom] = "property"
                elif name in ("setter", "deleter") and isinstance(decorator, ast.Attribute):
                    kinds[atom] = name
    return kinds


def bind_to(m: Machine, value: Value, first: Value, node: ast.AST) -> Value:
    """Class attributes as seen through an object: functions become methods, properties are run."""
    kinds = decorators_of(value)
    made: list[Value] = []
    for atom in value:
        if not isinstance(atom, Func) or kinds.get(atom) == "staticmethod" or atom.owner is None:
            made.append((atom,))
        elif kinds.get(atom) in ("setter", "deleter"):
            continue
        elif kinds.get(atom) == "property":
            made.append(m.call((Method(atom, first),), [], node))
        elif kinds.get(atom) == "classmethod":
            made.append((Method(atom, tuple(a.cls if isinstance(a, Obj) else a for a in first)),))
        else:
            made.append((_method(m, atom, first),))
    return join_all(made)


def run_accessor(
    m: Machine, value: Value | None, kind: str, first: Value, given: list[Value], node: ast.AST
) -> None:
    """An attribute that is a property is set or deleted: its `setter` or `deleter` runs."""
    kinds = decorators_of(value or ())
    for func, word in kinds.items():
        if word == kind:
            m.call((Method(func, first),), given, node)


def _method(m: Machine, func: Func, first: Value) -> Method:
    key = (func, first)
    made = m.made.get(key)
    if made is None:
        made = m.made[key] = Method(func, first)
    assert isinstance(made, Method)
    return made


def family(cls: Class) -> list[Class]:
    """A class and its bases in sight."""
    found: list[Class] = []
    todo = [cls]
    while todo and len(found) < 40:
        one = todo.pop()
        found.append(one)
        todo += [b for b in one.bases if isinstance(b, Class) and b not in found]
    return found
