"""The call of an API: what the catalogue says of it becomes evidence."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import cast

from toolreg.effects import Effect, Kind, Qualifier
from toolreg.infer import targets
from toolreg.infer.machine import Args, Machine
from toolreg.infer.spec import Argument, Does, Entry
from toolreg.infer.targets import Target
from toolreg.infer.values import ANY, DATA, Const, Inst, Items, Member, Text, Value, const, unknown

Model = Callable[[Machine, Args, ast.AST, Inst | None, str], Value]
MODELS: dict[str, Model] = {}
_SAFE_METHODS = frozenset(["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
# What a value is called that may stand where a path stands, but is an open file or bytes.
_STREAMS = frozenset(["raw", "content", "stream", "body", "file", "buffer"])


def model(*names: str) -> Callable[[Model], Model]:
    """Register the function that knows what a call of these APIs gives."""

    def register(function: Model) -> Model:
        for name in names:
            MODELS[name] = function
        return function

    return register


def call_api(m: Machine, name: str, args: Args, node: ast.AST, inst: Inst | None) -> Value:
    """Note what a call of a dotted API does; returns what it gives."""
    canonical, entry = m.catalogue.lookup(name)
    m.call_seen(canonical, node, args, inst.origin if inst is not None else None)
    if entry is None:
        return _not_listed(m, canonical, args, node)
    for does in entry.does:
        perform(m, does, args, node, canonical, inst)
    special = MODELS.get(canonical)
    if special is not None:
        return special(m, args, node, inst, canonical)
    for value in args.every():
        if value:
            m.call_back(value, [], node)
    return _result(m, entry, args, node, inst)


def _not_listed(m: Machine, name: str, args: Args, node: ast.AST) -> Value:
    for value in args.every():
        if value:
            m.call_back(value, [], node)
    package = name.partition(".")[0]
    if m.catalogue.knows(name):
        reason = f"effects of `{name}` are unknown"
    else:
        reason = f"effects of package `{package}` are unknown"
    m.question(node, reason)
    return unknown(reason)


def _result(m: Machine, entry: Entry, args: Args, node: ast.AST, inst: Inst | None) -> Value:
    if not entry.returns:
        return DATA
    if entry.returns == "self":
        return (inst,) if inst is not None else DATA
    made_for = entry.made_for
    if made_for is None:
        target = DATA
    elif isinstance(made_for, str):
        target = const(made_for)
    elif made_for.of_self and not made_for.names:
        target = inst.target if inst is not None else DATA
    else:
        target = _argument(made_for, args, inst) or (inst.target if made_for.of_self and inst is not None else DATA)
    return make_inst(m, entry.returns, target, node)


def make_inst(m: Machine, type_: str, target: Value, node: ast.AST) -> Value:
    """An instance of an API's type; one for each call and target."""
    key = (type_, target, node)
    found = m.made.get(key)
    if found is None:
        origin = node if isinstance(node, ast.Call) else None
        found = m.made[key] = (Inst(type_, target, origin),)
    return cast(Value, found)


def _argument(where: Argument, args: Args, inst: Inst | None) -> Value | None:
    """The value of an argument: given, default, or None."""
    if not where.names:
        return inst.target if inst is not None else DATA
    given = args.get(where.at, *where.names)
    if given is not None and not all(isinstance(a, Const) and a.value is None for a in given):
        return given
    if given is not None and not given:
        return given
    return const(where.default) if where.default is not None else None


def perform(m: Machine, does: Does, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    """One line of the catalogue, for one call."""
    aim = does.target
    value: Value | None
    if isinstance(aim, str):
        value = const(aim)
    else:
        value = _argument(aim, args, inst)
        if value is None and aim.of_self and inst is not None:
            value = inst.target
        if value is None:
            if aim.optional:
                return
            value = DATA if not aim.of_self else (inst.target if inst is not None else DATA)
    _VERBS[does.verb](m, does, value, args, node, name, inst)


def _emit(
    m: Machine, kind: Kind, found: Iterable[Target], node: ast.AST, name: str, qualifier: Qualifier = ""
) -> None:
    for target in found:
        if target.text is not None:
            m.effect(kind, target.text, node, name, qualifier)
        else:
            m.somewhere(kind, node, name, target.reason, target.derived, qualifier)


def _net(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    base = inst.target if isinstance(does.target, Argument) and does.target.of_self and inst is not None else DATA
    found = [Target(does.target)] if isinstance(does.target, str) else list(targets.hosts(value, base))
    qualifier, reason = _qualifier(does, args, value)
    _emit(m, "net", found, node, name, qualifier)
    for target in found if reason else ():
        m.question(node, reason, "net", Effect("net", target.text or "*", "deletes"))


def _qualifier(does: Does, args: Args, url: Value) -> tuple[Qualifier, str]:
    """What a request changes; the reason where that is not known."""
    if does.qualifier == "writes" and any(
        isinstance(p, str) and p.rstrip("/").endswith("graphql") for a in url if isinstance(a, (Const, Text)) for p in _pieces(a)
    ):
        return "", "a GraphQL query may read or change"
    if does.detail is None:
        return cast(Qualifier, does.qualifier), ""
    method = _argument(does.detail, args, None)
    words = {str(a.value).upper() for a in method or () if isinstance(a, Const)}
    if not method or len(words) < len(method):
        return "", "the HTTP method is not known: it may change or delete"
    if words <= _SAFE_METHODS:
        return "", ""
    return ("deletes" if "DELETE" in words else "writes"), ""


def _pieces(atom: Const | Text) -> tuple[object, ...]:
    return atom.parts if isinstance(atom, Text) else (atom.value,)


def _dial(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    port = ""
    if does.port is not None:
        given = _argument(does.port, args, inst)
        known = given[0].value if given is not None and len(given) == 1 and isinstance(given[0], Const) else None
        port = str(known) if str(known).isdigit() else "*"
    qualifier, _ = _qualifier(does, args, value)
    _emit(m, "net", targets.addresses(value, port), node, name, qualifier)


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
    def apply(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
        touch(m, kind, value, node, name, web=web, glob=does.qualifier == "glob")
        _ = args, inst

    return apply


def touch(m: Machine, kind: Kind, value: Value, node: ast.AST, name: str, *, web: bool = False, glob: bool = False) -> None:
    """A file is read or written; with `web` the text may also be a URL."""
    files = file_names(value)
    if files is None:
        return
    for target in targets.paths(files, glob=glob):
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


def _open(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    mode = _argument(does.detail, args, inst) if does.detail is not None else None
    open_file(m, value, mode, node, name)


def _named(kind: Kind) -> Callable[..., None]:
    def apply(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
        found = [Target(does.target)] if isinstance(does.target, str) else targets.names(value)
        _emit(m, kind, found, node, name)
        _ = args, inst

    return apply


def _run(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    found = [Target(does.target)] if isinstance(does.target, str) else targets.programs(value)
    _emit(m, "run", found, node, name)
    _ = args, inst


def run_shell(m: Machine, value: Value, node: ast.AST, name: str) -> None:
    """A text is given to the shell."""
    m.effect("run", "sh", node, name)
    for target in targets.shell_programs(value):
        if target.text is not None:
            m.effect("run", target.text, node, name)
        else:
            m.question(node, target.reason, "run", Effect("run", "*"), target.derived)


def _shell(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    run_shell(m, value, node, name)
    _ = does, args, inst


def _listen(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    ports: Value = ()
    for atom in value:
        ports += atom.values[1] if isinstance(atom, Items) and len(atom.values) > 1 else (atom,)
    _emit(m, "listen", targets.names(ports), node, name)
    _ = does, args, inst


def _code(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    m.effect("code", "*", node, name)
    _ = does, value, args, inst


def _calls(m: Machine, does: Does, value: Value, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
    m.call_back(value, [], node)
    _ = does, args, name, inst


_VERBS: dict[str, Callable[..., None]] = {
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
