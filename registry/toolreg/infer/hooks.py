"""Methods that run without being called by name: special methods, and those that a base class calls."""

from __future__ import annotations

import ast

from toolreg.infer.classes import bind_to, class_attribute, family, far_bases
from toolreg.infer.machine import Machine
from toolreg.infer.values import DATA, Api, Class, Func, Items, Obj, Value, const

# An operator, a `print`, a copy, an end of life is enough for every special method, but for these,
# which are seen where they happen.
_SEEN = frozenset(
    f"__{name}__"
    for name in [
        "init",
        "new",
        "post_init",
        "call",
        "getitem",
        "getattr",
        "getattribute",
        "enter",
        "exit",
        "aenter",
        "aexit",
        "class_getitem",
        "init_subclass",
        "doc",
        "slots",
    ]
)
# What runs of a class itself, for an `isinstance` or for its members.
_OF_THE_CLASS = ("__subclasshook__", "_missing_", "_generate_next_value_")
# What others call of an object that they take for a file.
_FILE_METHODS = frozenset(
    (
        "write",
        "writelines",
        "read",
        "readline",
        "readlines",
        "readinto",
        "flush",
        "close",
        "seek",
        "send",
        "recv",
    )
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
    "logging.Logger": ("*",),
    "contextlib.ContextDecorator": ("__enter__", "__exit__"),
    "contextlib.AsyncContextDecorator": ("__aenter__", "__aexit__"),
    "textwrap.TextWrapper": ("*",),
    "email.policy.Policy": ("*",),
    "email.policy.Compat32": ("*",),
    "email.policy.EmailPolicy": ("*",),
    "argparse.ArgumentParser": ("error", "exit", "print_*", "format_*", "parse_*"),
    "argparse.HelpFormatter": ("*",),
    "unittest.TestCase": ("*",),
    "queue.Queue": ("_*",),
    "csv.Dialect": ("*",),
    "urllib.request.BaseHandler": ("*",),
    "urllib.request.HTTPRedirectHandler": ("*",),
    "xmlrpc.client.Transport": ("*",),
    "http.cookiejar.CookiePolicy": ("*",),
    "selectors.BaseSelector": ("*",),
    "asyncio.AbstractEventLoopPolicy": ("*",),
    "importlib.abc.Loader": ("*",),
    "importlib.abc.MetaPathFinder": ("*",),
    "codecs.Codec": ("*",),
    "decimal.Context": ("*",),
    "tzinfo": ("*",),
    "datetime.tzinfo": ("*",),
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
    names = {n for c in family(cls) for n in c.attrs if _is_special(n)}
    for base in far_bases(m, cls):
        wanted = _CALLED_BY_BASE.get(base.name) if isinstance(base, Api) else None
        for pattern in wanted or ():
            names |= {n for c in family(cls) for n in c.attrs if _fits(n, pattern)}
    if not names.isdisjoint(("__reduce__", "__reduce_ex__")):
        m.effect("code", "*", node, "__reduce__")
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
    for name in _OF_THE_CLASS:
        own = cls.attrs.get(name)
        if own and any(isinstance(a, Func) for a in own):
            m.call_back(bind_to(m, own, (cls,), node), [], node)
    m.call_back(keywords.get("metaclass", DATA), [], node, certain=False)
    maker: Value = keywords.get("metaclass", DATA)
    for base in cls.bases:
        maker = maker or (m.made.get((base, "metaclass"), DATA) if isinstance(base, Class) else DATA)
    if maker:
        m.made[(cls, "metaclass")] = maker
    for atom in maker:
        names = sorted(n for c in family(atom) for n in c.attrs) if isinstance(atom, Class) else ()
        for name in names:
            hook = class_attribute(m, atom, name) if isinstance(atom, Class) else None
            if hook and name == "__new__" and isinstance(atom, Class):
                m.made[(atom, "making")] = cls
                m.call_back(hook, [(atom,), const(cls.node.name), DATA, (_namespace(cls),)], node)
            elif hook and any(isinstance(a, Func) for a in hook):
                m.call_back(
                    bind_to(m, hook, (cls,), node), [const(cls.node.name), DATA, (_namespace(cls),)], node
                )


def _namespace(cls: Class) -> Items:
    """What a metaclass gets as the body of the class."""
    return Items(keys=dict(cls.attrs))  # type: ignore[arg-type]


def handed_over(m: Machine, obj: Obj, node: ast.AST) -> None:
    """An object is given to other code, which may take it for a file."""
    for name in sorted({n for c in family(obj.cls) for n in c.attrs} & _FILE_METHODS):
        m.call_back(bind_to(m, class_attribute(m, obj.cls, name) or DATA, (obj,), node), [], node)


def called_by_others(m: Machine, cls: Class) -> bool:
    """Whoever gets this class makes objects of it and calls them."""
    return any(isinstance(b, Api) and b.name in _CALLED_BY_BASE for b in far_bases(m, cls))


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in _SEEN


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
