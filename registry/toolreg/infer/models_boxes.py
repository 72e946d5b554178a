"""What calls give that hold values for later: queues, context variables, named tuples."""

from __future__ import annotations

import ast

from toolreg.infer.apply import model
from toolreg.infer.containers import move
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import first
from toolreg.infer.values import DATA, Class, Const, Items, Value, const


@model("contextvars.ContextVar", "queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "queue.SimpleQueue", "asyncio.Queue",
       "asyncio.LifoQueue", "asyncio.PriorityQueue", "multiprocessing.Queue", "multiprocessing.SimpleQueue",
       "multiprocessing.JoinableQueue")  # fmt: skip
def _box(_m: Machine, c: Call) -> Value:
    """What is put in comes out, in another thread or a later call."""
    box = Items()
    box.rest = c.args.get(-1, "default") or const(None)
    box.whole, box.kept = False, True
    return (box,)


@model("random.shuffle")
def _shuffled(_m: Machine, c: Call) -> Value:
    for atom in first(c.args):
        if isinstance(atom, Items) and atom.keys is None:
            move(atom)
    return DATA


@model("collections.namedtuple", "dataclasses.make_dataclass")
def _namedtuple(m: Machine, c: Call) -> Value:
    """A class with these fields."""
    given = c.args.get(1, "field_names", "fields") or DATA
    words = [
        a.value.replace(",", " ").split() for a in given if isinstance(a, Const) and isinstance(a.value, str)
    ]
    words += [[n for v in a.values for n in _spelled(v)] for a in given if isinstance(a, Items) and a.whole]
    if len(words) != 1 or c.args.open:
        return DATA
    key = (c.node, tuple(words[0]))
    if key not in m.made:
        fields = [ast.AnnAssign(ast.Name(w), ast.Name("object"), None, 1) for w in words[0]]
        m.made[key] = (Class(ast.ClassDef("namedtuple()", [], [], list(fields), []), m.frame.space, DATA),)
    cls: Value = m.made[key]
    namespace = c.args.get(-1, "namespace") or DATA
    for atom in namespace:
        if isinstance(atom, Items) and isinstance(cls[0], Class):
            cls[0].attrs.update({str(k): v for k, v in (atom.keys or {}).items()})
    return cls


def _spelled(value: Value) -> list[str]:
    """A field's name: a text, or the first of a pair."""
    head = value[0].values[0] if value and isinstance(value[0], Items) and value[0].values else value
    return [a.value for a in head if isinstance(a, Const) and isinstance(a.value, str)]
