"""What calls give that hand functions on or gather values: partials, threads, pools, `map`, `dict`."""

from __future__ import annotations

import ast

from toolreg.infer.apply import model
from toolreg.infer.items import element
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import first
from toolreg.infer.values import (
    DATA,
    Class,
    Func,
    Items,
    Obj,
    Partial,
    Value,
    api,
    join,
    join_all,
)


@model("functools.singledispatch")
def _singledispatch(_m: Machine, c: Call) -> Value:
    """A function of several bodies: which one runs hangs on the type of the first argument."""
    return (Partial(api("toolreg.dispatch"), (first(c.args), (Items([first(c.args)]),)), {}),)


@model("toolreg.dispatch")
def _dispatch(m: Machine, c: Call) -> Value:
    bodies = element(m, c.args.pos[1])
    return join_all(m.call((body,), c.args.pos[2:], c.node) for body in bodies)


@model("toolreg.scheduled")
def _scheduled(m: Machine, c: Call) -> Value:
    """`scheduler.enter(delay, priority, action, argument)`."""
    return m.call_back(c.args.get(2, "action") or DATA, _spread(m, c.args.get(3, "argument")), c.node)


@model("toolreg.wrapped")
def _wrapped(m: Machine, c: Call) -> Value:
    """`functools.wraps(function)(wrapper)`: the wrapper, which keeps the function."""
    wrapper = c.args.pos[-1]
    for atom in wrapper:
        m.made[(atom, "__wrapped__", "attribute")] = c.args.pos[0]
    return wrapper


@model("functools.partial", "functools.partialmethod")
def _partial(_m: Machine, c: Call) -> Value:
    if not c.args.pos:
        return DATA
    return (Partial(c.args.pos[0], tuple(c.args.pos[1:]), dict(c.args.named)),)


@model(
    "functools.wraps",
    "functools.update_wrapper",
    "functools.lru_cache",
    "functools.cache",
    "contextlib.contextmanager",
)
def _wrapping(_m: Machine, c: Call) -> Value:
    """A decorator that gives the function it gets."""
    if c.name in ("functools.cache", "contextlib.contextmanager") or (
        c.name == "functools.lru_cache" and c.args.pos
    ):
        return first(c.args)
    if c.name == "functools.wraps":
        return (Partial(api("toolreg.wrapped"), (first(c.args),), {}),)
    return api("toolreg.same")


@model("toolreg.same", "builtins.staticmethod", "copy.copy", "copy.deepcopy", "asyncio.run", "asyncio.wait_for", "asyncio.shield",
       "asyncio.create_task", "asyncio.ensure_future", "typing.cast_", "contextlib.closing",
       "contextlib.nullcontext", "builtins.anext", "shutil.which", "asyncio.gather_",
       "asyncio.AbstractEventLoop.run_until_complete")  # fmt: skip
def _same(_m: Machine, c: Call) -> Value:
    return first(c.args)


@model("typing.cast")
def _cast(_m: Machine, c: Call) -> Value:
    return c.args.get(1, "val") or DATA


@model("threading.Thread", "threading.Timer", "multiprocessing.Process")
def _thread(m: Machine, c: Call) -> Value:
    target = c.args.get(1, "target", "function") or DATA
    given = c.args.get(-1 if c.name != "threading.Timer" else 2, "args")
    m.call_back(target, _spread(m, given), c.node)
    return DATA


def _spread(m: Machine, value: Value | None) -> list[Value]:
    if value is not None and len(value) == 1 and isinstance(value[0], Items):
        return list(value[0].values)
    return [element(m, value)] if value else []


@model("toolreg.submit")
def _submit(m: Machine, c: Call) -> Value:
    """`executor.submit(f, a, b)`, `asyncio.to_thread(f, a)`: the function with the rest."""
    for word in ("callback", "error_callback"):
        m.call_back(c.args.named.get(word, DATA), [], c.node, certain=False)
    return m.call_back(first(c.args), c.args.pos[1:], c.node)


@model("toolreg.submit_second")
def _submit_second(m: Machine, c: Call) -> Value:
    return m.call_back(c.args.pos[1] if len(c.args.pos) > 1 else DATA, c.args.pos[2:], c.node)


@model("itertools.starmap")
def _starmap(m: Machine, c: Call) -> Value:
    items = Items()
    items.rest = m.call_back(first(c.args), _spread(m, element(m, c.args.get(1) or DATA)), c.node)
    items.whole = False
    return (items,)


@model("builtins.type")
def _type(m: Machine, c: Call) -> Value:
    """`type(name, bases, namespace)` makes a class."""
    namespace = c.args.get(2)
    if namespace is None:
        return tuple(a.cls for a in first(c.args) if isinstance(a, Obj))
    bases = [a for v in c.args.get(1) or DATA if isinstance(v, Items) for b in v.values for a in b]
    node = ast.ClassDef("type()", [], [], [], [])
    cls = Class(node, m.frame.space, tuple(bases))
    for atom in namespace:
        if isinstance(atom, Items):
            cls.attrs.update({k: v for k, v in (atom.keys or {}).items() if isinstance(k, str)})
    return (cls,)


@model("builtins.map", "builtins.filter", "toolreg.map", "functools.reduce")
def _map(m: Machine, c: Call) -> Value:
    elements = [element(m, v) for v in c.args.pos[1:]]
    items = Items()
    items.whole = False
    items.rest = m.call_back(first(c.args), elements, c.node)
    if c.name == "builtins.filter":
        items.rest = elements[0] if elements else DATA
    return (items,)


@model("builtins.sorted", "builtins.reversed", "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset",
       "itertools.chain.from_iterable_", "itertools.cycle", "itertools.islice", "collections.deque", "asyncio.as_completed")  # fmt: skip
def _listed(m: Machine, c: Call) -> Value:
    source = first(c.args)
    one = element(m, source)
    key = c.args.named.get("key")
    if key:
        m.call_back(key, [one], c.node)
    moved = c.name in ("builtins.sorted", "builtins.reversed")
    if not moved and source and all(isinstance(a, Items) and a.keys is None for a in source):
        return source
    items = Items()
    items.rest, items.whole = one, not c.args.pos
    return (items,)


@model("builtins.iter")
def _iter(m: Machine, c: Call) -> Value:
    """`iter(function, sentinel)` calls it until it gives the sentinel."""
    if len(c.args.pos) < 2:
        return first(c.args)
    items = Items()
    items.rest, items.whole = m.call_back(first(c.args), [], c.node), False
    return (items,)


@model("weakref.ref", "weakref.proxy")
def _weak(m: Machine, c: Call) -> Value:
    m.call_back(c.args.get(1, "callback") or DATA, [], c.node, certain=False)
    return first(c.args)


@model("toolreg.register")
def _register(m: Machine, c: Call) -> Value:
    """`@function.register`, `@function.register(type)`: another body of the same function."""
    given = c.args.pos[-1] if len(c.args.pos) > 1 else DATA
    if len(c.args.pos) > 2 or any(isinstance(a, Func) for a in given):
        bodies = [
            b
            for a in first(c.args)
            if isinstance(a, Partial) and a.func == api("toolreg.dispatch")
            for b in a.args[1]
        ]
        if not bodies:
            m.call_back(given, [], c.node)
        for box in bodies:
            if isinstance(box, Items):
                box.values.append(given)
        return given
    return (Partial(api("toolreg.register"), tuple(c.args.pos), {}),)


@model("builtins.next", "builtins.min", "builtins.max", "random.choice")
def _one_of(m: Machine, c: Call) -> Value:
    key = c.args.named.get("key")
    if key:
        m.call_back(key, [element(m, first(c.args))], c.node)
    default = c.args.get(1, "default") if c.name == "builtins.next" else None
    one = element(m, first(c.args))
    if c.name in ("builtins.min", "builtins.max") and len(c.args.pos) > 1:
        return join_all(c.args.pos)
    return join(one, default) if default is not None and one else one


@model("builtins.enumerate")
def _enumerate(m: Machine, c: Call) -> Value:
    items = Items()
    items.rest, items.whole = (Items([DATA, element(m, first(c.args))]),), False
    return (items,)


@model("builtins.zip")
def _zip(m: Machine, c: Call) -> Value:
    items = Items()
    items.rest, items.whole = (Items([element(m, v) for v in c.args.pos]),), False
    return (items,)


@model(
    "builtins.dict",
    "collections.OrderedDict",
    "types.SimpleNamespace",
    "collections.defaultdict",
    "collections.ChainMap",
    "types.MappingProxyType",
)
def _dict(m: Machine, c: Call) -> Value:
    items = Items(keys=dict(c.args.named))  # type: ignore[arg-type]
    for value in c.args.pos if c.name != "collections.defaultdict" else c.args.pos[1:]:
        for atom in value:
            if isinstance(atom, Items) and atom.keys is not None and items.keys is not None:
                items.keys.update(atom.keys)
            elif isinstance(atom, Items):
                items.rest = join_all(
                    p.values[-1] for p in atom.any_of() if isinstance(p, Items) and p.values
                )
                items.whole = False
        items.whole = items.whole and bool(value)
    if c.name == "collections.defaultdict":
        m.call_back(first(c.args), [], c.node)
        items.whole = False
    return (items,)
