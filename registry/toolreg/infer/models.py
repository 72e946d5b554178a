"""What calls give whose result the walk must know: paths, look-ups by name, wrapped functions."""

from __future__ import annotations

import ast

from toolreg.infer.apply import make_inst, model
from toolreg.infer.assign import set_attribute
from toolreg.infer.attrs import attribute
from toolreg.infer.imports import absolute, module_value
from toolreg.infer.items import element
from toolreg.infer.machine import Args, Call, Machine
from toolreg.infer.spec import Argument, Does
from toolreg.infer.texts import add_text, text_method
from toolreg.infer.values import (
    ANY,
    DATA,
    Api,
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
    derived,
    hole,
    join,
    join_all,
    text,
)
from toolreg.infer.verbs import perform, run_shell

MADE: Value = (Inst("toolreg.made", DATA, None),)  # out of code that is made at run time: `code:*` stands for it
TEMP = text(("/tmp/", hole("is a temporary name", role="temp")))


def _first(args: Args) -> Value:
    return args.pos[0] if args.pos else (args.rest or DATA)


# --- names of things


def known_name(value: Value | None) -> str | None:
    """The constant text of a value, if it is one."""
    if value is not None and len(value) == 1 and isinstance(value[0], Const) and isinstance(value[0].value, str):
        return value[0].value
    return None


@model("dataclasses.field", "pydantic.Field", "attr.ib", "attr.field", "attrs.field")
def _field(m: Machine, c: Call) -> Value:
    """The default of a dataclass's field."""
    factory = c.args.get(-1, "default_factory", "factory")
    if factory:
        return m.call(factory, [], c.node)
    return c.args.get(0, "default") or DATA


@model("builtins.getattr", "inspect.getattr_static")
def _getattr(m: Machine, c: Call) -> Value:
    receiver, wanted = _first(c.args), c.args.get(1, "name") or DATA
    names = [a.value for a in wanted if isinstance(a, Const) and isinstance(a.value, str)]
    found = [attribute(m, receiver, n, c.node) for n in names]
    if len(names) < max(1, len(wanted)):
        found.append(_any_attribute(m, receiver, c.node, _prefix(wanted)))
    default = c.args.get(2)
    value = join_all(found)
    return join(value, default) if default is not None and default != const(None) and value else value or default or DATA


def _prefix(wanted: Value) -> str:
    """What a computed name starts with: `"do_" + action`."""
    starts = {a.parts[0] for a in wanted if isinstance(a, Text) and isinstance(a.parts[0], str)}
    return str(starts.pop()) if len(starts) == 1 and len(wanted) == 1 else ""


def _any_attribute(m: Machine, receiver: Value, node: ast.AST, prefix: str) -> Value:
    """`getattr(x, computed)`: any method of an object of the file; of a module, any code."""
    made: list[Value] = []
    for atom in receiver:
        if isinstance(atom, (Api, FileModule, Super)):
            m.effect("code", "*", node, "getattr")
            made.append(MADE)
        elif isinstance(atom, (Obj, Class)):
            cls = atom.cls if isinstance(atom, Obj) else atom
            made += [attribute(m, (atom,), n, node) for n in cls.attrs if not n.startswith("__") and n.startswith(prefix)]
        elif isinstance(atom, Inst):
            m.question(node, f"which method of `{atom.type}` is called is not known")
    return join_all(made)


@model("builtins.setattr", "builtins.delattr")
def _setattr(m: Machine, c: Call) -> Value:
    wanted = known_name(c.args.get(1))
    value = c.args.get(2) or DATA
    if wanted is not None:
        set_attribute(m, _first(c.args), wanted, value, c.node)
    elif any(isinstance(a, (Api, FileModule)) for a in _first(c.args)):
        m.effect("code", "*", c.node, c.name)
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
    if names and isinstance(names[0], Names) and any(isinstance(a, Api) for a in names[0].of):
        m.effect("code", "*", c.node, c.name.rpartition(".")[2])
    return DATA


@model("builtins.__import__", "importlib.import_module", "importlib.__import__")
def _import(m: Machine, c: Call) -> Value:
    found: list[Value] = []
    wanted = c.args.get(0, "name") or DATA
    for atom in wanted or (ANY,):
        if isinstance(atom, Const) and isinstance(atom.value, str):
            level = len(atom.value) - len(atom.value.lstrip("."))
            module = absolute(m.frame.space, atom.value[level:], level)
            top = module.partition(".")[0] if c.name == "builtins.__import__" and c.args.get(3, "fromlist") is None else module
            found.append(module_value(m, top, c.node, relative=level > 0))
        else:
            m.effect("code", "*", c.node, c.name)
            found.append(MADE)
    return join_all(found)


@model("operator.attrgetter")
def _attrgetter(_m: Machine, c: Call) -> Value:
    return (Partial(api("toolreg.attrgetter"), (_first(c.args),), {}),)


@model("toolreg.attrgetter")
def _attrgot(m: Machine, c: Call) -> Value:
    receiver, wanted = c.args.get(1) or DATA, known_name(_first(c.args))
    if wanted is None:
        return m.call(api("builtins.getattr"), [receiver, _first(c.args)], c.node)
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


# --- functions that are handed on


@model("functools.partial", "functools.partialmethod")
def _partial(_m: Machine, c: Call) -> Value:
    if not c.args.pos:
        return DATA
    return (Partial(c.args.pos[0], tuple(c.args.pos[1:]), dict(c.args.named)),)


@model("functools.wraps", "functools.update_wrapper", "functools.lru_cache", "functools.cache", "contextlib.contextmanager")
def _wrapping(_m: Machine, c: Call) -> Value:
    """A decorator that gives the function it gets."""
    if c.name in ("functools.cache", "contextlib.contextmanager") or (c.name == "functools.lru_cache" and c.args.pos):
        return _first(c.args)
    return api("toolreg.same")


@model("toolreg.same", "builtins.staticmethod", "copy.copy", "copy.deepcopy", "asyncio.run", "asyncio.wait_for", "asyncio.shield",
       "asyncio.create_task", "asyncio.ensure_future", "typing.cast_", "builtins.iter", "contextlib.closing",
       "contextlib.nullcontext", "builtins.anext", "asyncio.gather_", "weakref.ref", "weakref.proxy",
       "asyncio.AbstractEventLoop.run_until_complete")  # fmt: skip
def _same(_m: Machine, c: Call) -> Value:
    return _first(c.args)


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
    return m.call_back(_first(c.args), c.args.pos[1:], c.node)


@model("toolreg.submit_second")
def _submit_second(m: Machine, c: Call) -> Value:
    return m.call_back(c.args.pos[1] if len(c.args.pos) > 1 else DATA, c.args.pos[2:], c.node)


@model("builtins.map", "builtins.filter", "toolreg.map", "functools.reduce")
def _map(m: Machine, c: Call) -> Value:
    elements = [element(m, v) for v in c.args.pos[1:]]
    items = Items()
    items.whole = False
    items.rest = m.call_back(_first(c.args), elements, c.node)
    if c.name == "builtins.filter":
        items.rest = elements[0] if elements else DATA
    return (items,)


@model("builtins.sorted", "builtins.reversed", "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset",
       "itertools.chain.from_iterable_", "itertools.cycle", "itertools.islice", "collections.deque", "asyncio.as_completed")  # fmt: skip
def _listed(m: Machine, c: Call) -> Value:
    source = _first(c.args)
    one = element(m, source)
    key = c.args.named.get("key")
    if key:
        m.call_back(key, [one], c.node)
    if source and all(isinstance(a, Items) and a.keys is None for a in source):
        return source
    items = Items()
    items.rest, items.whole = one, not c.args.pos
    return (items,)


@model("builtins.next", "builtins.min", "builtins.max", "random.choice")
def _one_of(m: Machine, c: Call) -> Value:
    key = c.args.named.get("key")
    if key:
        m.call_back(key, [element(m, _first(c.args))], c.node)
    default = c.args.get(1, "default") if c.name == "builtins.next" else None
    one = element(m, _first(c.args))
    if c.name in ("builtins.min", "builtins.max") and len(c.args.pos) > 1:
        return join_all(c.args.pos)
    return join(one, default) if default is not None and one else one


@model("builtins.enumerate")
def _enumerate(m: Machine, c: Call) -> Value:
    items = Items()
    items.rest, items.whole = (Items([DATA, element(m, _first(c.args))]),), False
    return (items,)


@model("builtins.zip")
def _zip(m: Machine, c: Call) -> Value:
    items = Items()
    items.rest, items.whole = (Items([element(m, v) for v in c.args.pos]),), False
    return (items,)


@model("builtins.dict", "collections.OrderedDict", "types.SimpleNamespace", "collections.defaultdict", "types.MappingProxyType")
def _dict(m: Machine, c: Call) -> Value:
    items = Items(keys=dict(c.args.named))  # type: ignore[arg-type]
    for value in c.args.pos if c.name != "collections.defaultdict" else c.args.pos[1:]:
        for atom in value:
            if isinstance(atom, Items) and atom.keys is not None and items.keys is not None:
                items.keys.update(atom.keys)
            elif isinstance(atom, Items):
                items.rest = join_all(p.values[-1] for p in atom.any_of() if isinstance(p, Items) and p.values)
                items.whole = False
        items.whole = items.whole and bool(value)
    if c.name == "collections.defaultdict":
        m.call_back(_first(c.args), [], c.node)
        items.whole = False
    return (items,)


# --- texts


@model("builtins.str", "os.fspath", "os.fsdecode", "os.fsencode", "os.path.expanduser", "os.path.expandvars", "os.path.abspath",
       "os.path.normpath", "os.path.realpath", "urllib.parse.unquote", "urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urldefrag_", "builtins.repr_",
       "codecs.encode_", "sys.intern", "textwrap.dedent", "builtins.format")  # fmt: skip
def _text_of(_m: Machine, c: Call) -> Value:
    value = _first(c.args)
    kept = tuple(a for a in value if isinstance(a, (Const, Text, Inst)))
    made = join_all(a.target if isinstance(a, Inst) else (a,) for a in kept) if kept else DATA
    return join(made, DATA) if len(kept) < len(value) else made


@model("os.path.join", "posixpath.join")
def _path_join(m: Machine, c: Call) -> Value:
    value = _first(c.args)
    for piece in c.args.pos[1:]:
        value = add_text(_text_of(m, Call(Args([value]), c.node, c.name, c.inst)), piece, between="/")
    return value


@model("os.path.dirname")
def _dirname(m: Machine, c: Call) -> Value:
    made = make_inst(m, "pathlib.Path", _text_of(m, c), c.node)
    parent = attribute(m, made, "parent", c.node)
    return parent[0].target if parent and isinstance(parent[0], Inst) else DATA


@model("urllib.parse.urljoin", "urllib.parse.urlunsplit_")
def _urljoin(_m: Machine, c: Call) -> Value:
    base, path = _first(c.args), c.args.get(1, "url") or DATA
    if len(path) == 1 and isinstance(path[0], Const) and "://" in str(path[0].value):
        return path
    # An absolute second URL from elsewhere would win; what is certain is only known for constants.
    known = bool(path) and all(isinstance(a, Const) for a in path)
    joined = add_text(base, const("/"))
    return joined if known or base == path else join(joined, derived(path))


@model("urllib.parse.urlparse", "urllib.parse.urlsplit", "yarl.URL", "httpx.URL")
def _urlparse(m: Machine, c: Call) -> Value:
    return make_inst(m, "yarl.URL", _first(c.args), c.node)


@model("shlex.quote")
def _quoted(_m: Machine, c: Call) -> Value:
    params = derived(_first(c.args))
    names = tuple(p for a in params if isinstance(a, Text) for p in a.parts[0].params) if params else ()  # type: ignore[union-attr]
    return text((hole("is quoted", names, role="quoted"),))


@model("shlex.split")
def _shlex_split(_m: Machine, c: Call) -> Value:
    value = _first(c.args)
    return join_all(text_method(a, "split", Args([])) for a in value if isinstance(a, (Const, Text)))


# --- environment


@model("os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenvb")
def _getenv(_m: Machine, c: Call) -> Value:
    default = c.args.get(1, "default")
    if default is not None and default and all(isinstance(a, (Const, Text)) for a in default) and default != const(None):
        return default
    key = known_name(_first(c.args))
    return text((hole(f"comes from the environment variable {key}" if key else "comes from the environment", role="env"),))


# --- programs


@model("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen")
def _subprocess(m: Machine, c: Call) -> Value:
    command = c.args.get(0, "args") or DATA
    shell = c.args.named.get("shell", const(False))
    if any(isinstance(a, Const) and a.value for a in shell):
        flat = join_all((a,) if not isinstance(a, Items) else (a.values[0] if a.values else DATA) for a in command)
        run_shell(m, flat, c.node, c.name)
        return DATA
    perform(m, c, Does("run", Argument(("args",), 0)))
    if c.args.open or (not shell and "shell" in c.args.named):
        m.question(c.node, "whether a shell runs it is not known", "run")
    return DATA


