"""Methods that run without being called by name: special methods, and those that a base class calls."""

from __future__ import annotations

import ast

from toolreg.infer.classes import bind_to, class_attribute, far_bases
from toolreg.infer.machine import Machine
from toolreg.infer.values import DATA, Api, Class, Func, Obj, Value

# An operator, a `print`, an end of life is enough. (Those that are seen where they happen are not here:
# __init__, __call__, __getitem__, __getattr__, __enter__, __exit__.)
_SPECIAL = frozenset(
    f"__{name}__"
    for name in [
        "del",
        "bool",
        "len",
        "str",
        "repr",
        "format",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "hash",
        "contains",
        "add",
        "radd",
        "iadd",
        "sub",
        "rsub",
        "mul",
        "rmul",
        "matmul",
        "truediv",
        "floordiv",
        "mod",
        "divmod",
        "pow",
        "or",
        "and",
        "xor",
        "lshift",
        "rshift",
        "neg",
        "pos",
        "abs",
        "invert",
        "int",
        "float",
        "complex",
        "index",
        "round",
        "fspath",
        "bytes",
        "iter",
        "next",
        "reversed",
        "aiter",
        "anext",
        "await",
        "get",
        "set",
        "delete",
        "set_name",
        "missing",
        "setattr",
        "delattr",
        "dir",
        "length_hint",
    ]
)
# Bases of other packages, and which methods of theirs they call: whole names, or beginnings with `*`.
_CALLED_BY_BASE = {
    "threading.Thread": ("run",),
    "threading.Timer": ("run",),
    "multiprocessing.Process": ("run",),
    "html.parser.HTMLParser": ("handle_*", "unknown_decl", "error"),
    "json.JSONEncoder": ("default", "encode", "iterencode"),
    "json.JSONDecoder": ("decode", "raw_decode"),
    "ast.NodeVisitor": ("visit*", "generic_visit"),
    "ast.NodeTransformer": ("visit*", "generic_visit"),
    "logging.Handler": ("emit", "handle"),
    "logging.Formatter": ("format*",),
    "logging.Filter": ("filter",),
    "socketserver.BaseRequestHandler": ("handle", "setup", "finish"),
    "socketserver.StreamRequestHandler": ("handle", "setup", "finish"),
    "http.server.BaseHTTPRequestHandler": ("do_*",),
    "http.server.SimpleHTTPRequestHandler": ("do_*",),
    "xml.sax.ContentHandler": ("start*", "end*", "characters"),
    "xml.sax.handler.ContentHandler": ("start*", "end*", "characters"),
    "cmd.Cmd": ("do_*", "default", "precmd", "postcmd"),
    "string.Formatter": ("get_*", "format_field", "convert_field"),
    "asyncio.Protocol": ("*_received", "connection_*"),
    "asyncio.DatagramProtocol": ("*_received", "connection_*"),
    "pickle.Unpickler": ("find_class", "persistent_load"),
    "argparse.Action": ("__call__",),
    "requests.auth.AuthBase": ("__call__",),
    "scrapy.Spider": ("parse*", "start_requests"),
}


def made(m: Machine, obj: Obj, node: ast.AST) -> None:
    """An object exists: what may run of it from now on is walked."""
    cls = obj.cls
    names = {n for c in _family(cls) for n in c.attrs if n in _SPECIAL}
    for base in far_bases(m, cls):
        wanted = _CALLED_BY_BASE.get(base.name) if isinstance(base, Api) else None
        for pattern in wanted or ():
            names |= {n for c in _family(cls) for n in c.attrs if _fits(n, pattern)}
    for name in sorted(names):
        value = class_attribute(m, cls, name) or DATA
        if any(isinstance(a, Func) for a in value):
            m.call_back(bind_to(m, value, (obj,), node), [], node)


def defined(m: Machine, cls: Class, keywords: dict[str, Value], node: ast.AST) -> None:
    """A class exists: its bases' `__init_subclass__` and its metaclass have run."""
    for base in cls.bases:
        hook = class_attribute(m, base, "__init_subclass__") if isinstance(base, Class) else None
        if hook:
            m.call_back(bind_to(m, hook, (cls,), node), [], node)
    for atom in keywords.get("metaclass", DATA):
        for name in ("__prepare__", "__new__", "__init__", "__call__"):
            hook = class_attribute(m, atom, name) if isinstance(atom, Class) else None
            if hook:
                m.call_back(bind_to(m, hook, (cls,), node), [], node)


def called_by_others(m: Machine, cls: Class) -> bool:
    """Whoever gets this class makes objects of it and calls them."""
    return any(isinstance(b, Api) and b.name in _CALLED_BY_BASE for b in far_bases(m, cls))


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _family(cls: Class) -> list[Class]:
    found: list[Class] = []
    todo = [cls]
    while todo and len(found) < 40:
        one = todo.pop()
        found.append(one)
        todo += [b for b in one.bases if isinstance(b, Class) and b not in found]
    return found
