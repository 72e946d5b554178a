"""What the verbs of the catalogue mean: an argument becomes a target, a target becomes evidence."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import cast

from toolreg.effects import Effect, Kind, Qualifier
from toolreg.infer import commands, targets
from toolreg.infer.machine import Args, Call, Machine
from toolreg.infer.spec import Argument, Does
from toolreg.infer.targets import Target
from toolreg.infer.values import (
    ANY,
    DATA,
    Const,
    Inst,
    Items,
    Member,
    Text,
    Value,
    const,
    hole,
    join_all,
    text,
)

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"))
# What a value is called that may stand where a path stands, but is an open file or bytes.
_MAKES_FOLDERS = frozenset(("pathlib.Path.mkdir", "os.makedirs", "os.mkdir"))
_STREAMS = frozenset(("raw", "content", "stream", "body", "file", "buffer"))


def argument(where: Argument, args: Args, inst: Inst | None) -> Value | None:
    """The value of an argument: given, default, or None."""
    if not where.names:
        return inst.target if inst is not None else DATA
    given = args.get(where.at, *where.names)
    if given is not None and not all(isinstance(a, Const) and a.value is None for a in given):
        return given
    if given is not None and not given:
        return given
    return _default(where.default) if where.default is not None else None


def _default(spelled: str) -> Value:
    if spelled.endswith("/*"):
        return text((spelled[:-1], hole("is a temporary name", role="temp")))
    return const(int(spelled)) if spelled.isdigit() else const(spelled)


def perform(m: Machine, c: Call, does: Does) -> None:
    """One line of the catalogue, for one call."""
    aim = does.target
    value: Value | None
    if does.unless is not None and argument(does.unless, c.args, None) is not None:
        return
    if isinstance(aim, str):
        value = const(aim)
    else:
        value = argument(aim, c.args, c.inst)
        if not value and aim.optional and aim.of_self:
            return
        if value is None and aim.of_self and c.inst is not None:
            value = c.inst.target
        if value is None:
            if aim.optional or c.args.get(aim.at, *aim.names):  # given, but None: the call fails
                return
            value = DATA
    VERBS[does.verb](m, c, does, value)


def _emit(
    m: Machine, kind: Kind, found: Iterable[Target], node: ast.AST, name: str, qualifier: Qualifier = ""
) -> None:
    for target in found:
        if target.text is not None:
            m.effect(kind, target.text, node, name, qualifier)
        else:
            m.somewhere(kind, node, name, target.reason, target.derived, qualifier)


def _net(m: Machine, c: Call, does: Does, value: Value) -> None:
    base = (
        c.inst.target
        if isinstance(does.target, Argument) and does.target.of_self and c.inst is not None
        else DATA
    )
    found = [Target(does.target)] if isinstance(does.target, str) else list(targets.hosts(value, base))
    qualifier, reason = _qualifier(does, c.args, value)
    _emit(m, "net", found, c.node, c.name, qualifier)
    for target in found if reason else ():
        m.question(c.node, reason, "net", Effect("net", target.text or "*", "deletes"))


def _qualifier(does: Does, args: Args, url: Value) -> tuple[Qualifier, str]:
    """What a request changes; the reason where that is not known."""
    if does.qualifier == "writes" and any(
        isinstance(p, str) and p.rstrip("/").endswith("graphql")
        for a in url
        if isinstance(a, (Const, Text))
        for p in _pieces(a)
    ):
        return "", "a GraphQL query may read or change"
    prepared = [a for a in url if isinstance(a, Inst) and a.type == "urllib.request.Request"]
    if prepared:
        method: Value | None = join_all(a.method for a in prepared)
    elif does.detail is None or does.verb == "open":
        return cast(Qualifier, does.qualifier), ""
    else:
        method = argument(does.detail, args, None)
    words = {str(a.value).upper() for a in method or () if isinstance(a, Const)}
    if not method or len(words) < len(method):
        return "", "the HTTP method is not known: it may change or delete"
    if words <= _SAFE_METHODS:
        return "", ""
    return ("deletes" if "DELETE" in words else "writes"), ""


def _pieces(atom: Const | Text) -> tuple[object, ...]:
    return atom.parts if isinstance(atom, Text) else (atom.value,)


def _dial(m: Machine, c: Call, does: Does, value: Value) -> None:
    port = ""
    if does.port is not None:
        given = argument(does.port, c.args, c.inst)
        known = (
            given[0].value if given is not None and len(given) == 1 and isinstance(given[0], Const) else None
        )
        port = str(known) if str(known).isdigit() else "*"
    qualifier, _ = _qualifier(does, c.args, value)
    _emit(m, "net", targets.addresses(value, port), c.node, c.name, qualifier)


def file_names(value: Value) -> Value | None:
    """The part of a value that may name a file; None where all of it is open files and bytes."""
    kept = tuple(a for a in value if not _is_stream(a))
    flat: list[object] = []
    for atom in kept:
        flat += atom.any_of() or (ANY,) if isinstance(atom, Items) else (atom,)
    if value and not flat:
        return None
    return cast(Value, tuple(flat))


def _is_stream(atom: object) -> bool:
    if isinstance(atom, Inst):
        return atom.type not in ("pathlib.Path", "yarl.URL")
    if isinstance(atom, Member):
        return atom.inst.type != "pathlib.Path" and atom.name.rpartition(".")[2] in _STREAMS
    return isinstance(atom, Const) and isinstance(atom.value, (bytes, bool))


def _files(kind: Kind, *, web: bool) -> Callable[..., None]:
    def apply(m: Machine, c: Call, does: Does, value: Value) -> None:
        if isinstance(does.target, str):
            m.effect(kind, does.target, c.node, c.name)
            return
        touch(m, kind, value, c.node, c.name, web=web, glob=does.qualifier == "glob")

    return apply


def touch(
    m: Machine, kind: Kind, value: Value, node: ast.AST, name: str, *, web: bool = False, glob: bool = False
) -> None:
    """A file is read or written; with `web` the text may also be a URL."""
    files = file_names(value)
    if files is None:
        return
    for target in targets.paths(files, glob=glob, folders=name in _MAKES_FOLDERS):
        if target.text is None:
            m.somewhere(kind, node, name, target.reason, target.derived)
        elif target.remote and web:
            m.effect("net", target.text, node, name, "writes" if kind == "write" else "")
        else:
            m.effect(kind, target.text, node, name)
            if web and kind == "read" and target.text.startswith("{") and target.text.endswith("}"):
                m.effect("net", target.text, node, name)


def open_file(m: Machine, file: Value, mode: Value | None, node: ast.AST, name: str) -> None:
    """`open` in its many spellings: the mode tells reading from writing."""
    if file and all(isinstance(a, Const) and isinstance(a.value, int) for a in file):
        return  # a descriptor that is open already
    reads, writes = False, False
    for atom in mode if mode is not None else const("r"):
        text = str(atom.value) if isinstance(atom, Const) else "r+"
        writes = writes or any(c in text for c in "wax+")
        reads = reads or "+" in text or not any(c in text for c in "wax")
    if mode == DATA and mode is not None:
        reads = writes = True
    if reads:
        touch(m, "read", file, node, name)
    if writes:
        touch(m, "write", file, node, name)


def _open(m: Machine, c: Call, does: Does, value: Value) -> None:
    mode = argument(does.detail, c.args, c.inst) if does.detail is not None else None
    open_file(m, value, mode, c.node, c.name)


def _named(kind: Kind) -> Callable[..., None]:
    def apply(m: Machine, c: Call, does: Does, value: Value) -> None:
        found = [Target(does.target)] if isinstance(does.target, str) else targets.names(value)
        _emit(m, kind, found, c.node, c.name)

    return apply


def _run(m: Machine, c: Call, does: Does, value: Value) -> None:
    if does.target == "@1":
        value = const(c.name.split(".")[1])
    fixed = isinstance(does.target, str) and does.target != "@1"
    found = [Target(str(does.target))] if fixed else commands.programs(value)
    _emit(m, "run", found, c.node, c.name)
    for script in commands.scripts(value):
        for target in commands.shell_programs(script):
            if target.text is not None:
                m.effect("run", target.text, c.node, c.name)
            else:
                m.question(c.node, target.reason, "run", Effect("run", "*"), target.derived)


def run_shell(m: Machine, value: Value, node: ast.AST, name: str) -> None:
    """A text is given to the shell."""
    m.effect("run", "sh", node, name)
    for target in commands.shell_programs(value):
        if target.text is not None:
            m.effect("run", target.text, node, name)
        else:
            m.question(node, target.reason, "run", Effect("run", "*"), target.derived)


def _shell(m: Machine, c: Call, _does: Does, value: Value) -> None:
    run_shell(m, value, c.node, c.name)


def _listen(m: Machine, c: Call, _does: Does, value: Value) -> None:
    ports: Value = ()
    for atom in value:
        ports += atom.values[1] if isinstance(atom, Items) and len(atom.values) > 1 else (atom,)
    _emit(m, "listen", targets.names(ports), c.node, c.name)


def _code(m: Machine, c: Call, _does: Does, _value: Value) -> None:
    m.effect("code", "*", c.node, c.name)


def _calls(m: Machine, c: Call, _does: Does, value: Value) -> None:
    m.call_back(value, [], c.node)


VERBS: dict[str, Callable[..., None]] = {
    "net": _net,
    "dial": _dial,
    "open": _open,
    "load": _files("read", web=True),
    "save": _files("write", web=True),
    "read": _files("read", web=False),
    "write": _files("write", web=False),
    "env": _named("env"),
    "run": _run,
    "shell": _shell,
    "listen": _listen,
    "native": _named("native"),
    "code": _code,
    "call": _calls,
}
