"""What calls give that make or walk paths, temporary files and databases."""

from __future__ import annotations

import ast
import re

from toolreg.infer.apply import make_inst, model
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import TEMP, known_name
from toolreg.infer.texts import add_text
from toolreg.infer.values import (
    DATA,
    Atom,
    Const,
    Hole,
    Inst,
    Items,
    Part,
    Text,
    Value,
    const,
    derived,
    hole,
    join,
    join_all,
    text,
)
from toolreg.infer.verbs import touch

_ENTRY = text((hole("is found in a folder", role="entry"),))


def path_text(value: Value) -> Value:
    """The text of a path-like value."""
    return join_all(a.target if isinstance(a, Inst) else (a,) for a in value)


@model("os.open")
def _os_open(m: Machine, c: Call) -> Value:
    """The flags tell reading from writing."""
    node = c.node.args[1] if isinstance(c.node, ast.Call) and len(c.node.args) > 1 else None
    flags = ast.unparse(node) if node is not None else "O_RDWR"
    file = c.args.get(0, "path") or DATA
    known = "O_" in flags
    if not known or not any(f in flags for f in ("O_WRONLY",)):
        touch(m, "read", file, c.node, c.name)
    if not known or any(f in flags for f in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND")):
        touch(m, "write", file, c.node, c.name)
    return const(3)


@model("socket.socket.connect", "socket.socket.connect_ex")
def _connected(_m: Machine, c: Call) -> Value:
    """From here on the socket sends to that address."""
    address = c.args.get(0, "address")
    if c.inst is not None and address:
        c.inst.target = join(c.inst.target, address) if c.inst.target else address
    return DATA


@model("pathlib.Path")
def _path(m: Machine, c: Call) -> Value:
    whole = path_text(c.args.pos[0]) if c.args.pos else (c.args.rest or const("."))
    for piece in c.args.pos[1:]:
        whole = add_text(whole, path_text(piece), between="/")
    return make_inst(m, "pathlib.Path", whole, c.node)


@model("pathlib.Path.cwd", "os.getcwd", "os.getcwdb")
def _cwd(m: Machine, c: Call) -> Value:
    return make_inst(m, "pathlib.Path", const("."), c.node) if c.name == "pathlib.Path.cwd" else const(".")


@model("pathlib.Path.home")
def _home(m: Machine, c: Call) -> Value:
    return make_inst(m, "pathlib.Path", const("~"), c.node)


@model("pathlib.Path.joinpath")
def _joinpath(m: Machine, c: Call) -> Value:
    whole = c.inst.target if c.inst is not None else DATA
    for piece in c.args.pos:
        whole = add_text(whole, path_text(piece), between="/")
    return make_inst(m, "pathlib.Path", whole, c.node)


@model("pathlib.Path.with_name", "pathlib.Path.with_stem", "pathlib.Path.with_suffix")
def _renamed(m: Machine, c: Call) -> Value:
    from toolreg.infer.attrs import attribute

    if c.inst is None:
        return DATA
    parent = attribute(m, (c.inst,), "parent", c.node)
    folder = parent[0].target if parent and isinstance(parent[0], Inst) else DATA
    if c.name.endswith("with_name") and c.args.pos:
        return make_inst(m, "pathlib.Path", add_text(folder, c.args.pos[0], between="/"), c.node)
    ending = c.args.pos[0] if c.args.pos else DATA
    stem = c.inst.target
    if len(stem) == 1 and isinstance(stem[0], Const) and known_name(ending) is not None:
        known = str(stem[0].value)
        cut = known.rfind(".") if known.rfind(".") > known.rfind("/") else len(known)
        return make_inst(m, "pathlib.Path", const(known[:cut] + str(known_name(ending))), c.node)
    return make_inst(m, "pathlib.Path", join_all(_other_ending(a, ending) for a in stem), c.node)


def _other_ending(atom: Atom, ending: Value) -> Value:
    """`X/entry` stays an entry of X; `X.txt` gets the new ending."""
    last = atom.parts[-1] if isinstance(atom, Text) else None
    if isinstance(atom, Text) and isinstance(last, str) and "." in last.rpartition("/")[2]:
        return add_text(text((*atom.parts[:-1], last[: last.rfind(".")])), ending)
    if isinstance(atom, Text) and isinstance(last, Hole) and not last.exact and len(atom.parts) > 1:
        return (atom,)
    return derived((atom,)) or (atom,)


@model("pathlib.Path.resolve", "pathlib.Path.absolute", "pathlib.Path.expanduser", "pathlib.Path.rename",
       "pathlib.Path.replace", "pathlib.Path.relative_to", "pathlib.Path.as_posix_", "pathlib.Path.__enter__")  # fmt: skip
def _same_path(m: Machine, c: Call) -> Value:
    if c.name == "pathlib.Path.relative_to":
        return make_inst(m, "pathlib.Path", derived(c.inst.target) if c.inst else DATA, c.node)
    return (c.inst,) if c.inst is not None else DATA


@model("pathlib.Path.as_posix", "pathlib.Path.__str__", "pathlib.Path.__fspath__", "pathlib.Path.as_uri")
def _spelled(_m: Machine, c: Call) -> Value:
    return c.inst.target if c.inst is not None else DATA


@model("pathlib.Path.iterdir", "pathlib.Path.glob", "pathlib.Path.rglob")
def _listing(m: Machine, c: Call) -> Value:
    """The files below a folder: the folder with an unknown entry."""
    folder = c.inst.target if c.inst is not None else DATA
    inner = (
        "**"
        if c.name.endswith("rglob") or "**" in (known_name(c.args.pos[0] if c.args.pos else None) or "")
        else "*"
    )
    found = Items()
    found.rest = make_inst(m, "pathlib.Path", below(folder, inner), c.node)
    found.whole = False
    return (found,)


def below(folder: Value, inner: str) -> Value:
    """Any entry of a folder."""
    role = "deep" if inner == "**" else "entry"
    return add_text(folder, text((hole("is found in a folder", _params(folder), role=role),)), between="/")


def _params(value: Value) -> tuple[str, ...]:
    made = derived(value)
    return made[0].parts[0].params if made else ()  # type: ignore[attr-defined]


@model("os.listdir")
def _listdir(_m: Machine, _c: Call) -> Value:
    found = Items()
    found.rest, found.whole = _ENTRY, False
    return (found,)


@model("os.scandir")
def _scandir(m: Machine, c: Call) -> Value:
    folder = path_text(c.args.get(0, "path") or const("."))
    found = Items()
    found.rest, found.whole = make_inst(m, "os.DirEntry", below(folder, "*"), c.node), False
    return (found,)


@model("os.walk", "os.fwalk", "pathlib.Path.walk")
def _walk(m: Machine, c: Call) -> Value:
    top = c.inst.target if c.inst is not None else path_text(c.args.get(0, "top") or DATA)
    names = Items()
    names.rest, names.whole = _ENTRY, False
    root = below(top, "**")
    if c.inst is not None:
        root = make_inst(m, "pathlib.Path", root, c.node)
    found = Items()
    found.rest, found.whole = (Items([root, (names,), (names,)]),), False
    return (found,)


@model("glob.glob", "glob.iglob")
def _glob(_m: Machine, c: Call) -> Value:
    pattern = c.args.get(0, "pathname") or DATA
    known = known_name(pattern)
    if known is not None:
        head = known[: min((known.find(c) for c in "*?[" if c in known), default=len(known))]
        folder = head.rpartition("/")[0] or ("/" if head.startswith("/") else ".")
        entry = below(const(folder), "**" if "**" in known else "*")
    else:
        entry = join_all(_wild(a) if isinstance(a, Text) else (a,) for a in pattern)
    found = Items()
    found.rest, found.whole = entry, False
    return (found,)


def _wild(atom: Text) -> Value:
    """The files that a pattern with unknown pieces matches: its wildcards become holes."""
    parts: list[Part] = []
    for part in atom.parts:
        if isinstance(part, str):
            for at, literal in enumerate(re.split(r"\*+|\?|\[[^\]]*\]", part)):
                parts += [hole("is found in a folder", role="entry"), literal] if at else [literal]
        else:
            parts.append(part)
    return text(tuple(parts))


@model("tempfile.mkdtemp", "tempfile.mktemp", "tempfile.gettempdir", "tempfile.gettempdirb")
def _temporary(_m: Machine, c: Call) -> Value:
    return const("/tmp") if c.name.startswith("tempfile.gettempdir") else TEMP


@model("tempfile.mkstemp")
def _mkstemp(_m: Machine, _c: Call) -> Value:
    return (Items([const(3), TEMP]),)


@model("tempfile.NamedTemporaryFile", "tempfile.TemporaryFile", "tempfile.SpooledTemporaryFile")
def _temporary_file(m: Machine, c: Call) -> Value:
    return make_inst(m, "tempfile.File", TEMP, c.node)


@model("tempfile.TemporaryDirectory")
def _temporary_folder(m: Machine, c: Call) -> Value:
    return make_inst(m, "tempfile.Folder", TEMP, c.node)


@model("shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.move", "shutil.copytree")
def _copied(_m: Machine, c: Call) -> Value:
    return c.args.get(1, "dst") or DATA


@model("sqlite3.connect")
def _sqlite(m: Machine, c: Call) -> Value:
    given = c.args.get(0, "database")
    return sqlite_file(m, c, given if given is not None else DATA)


@model("duckdb.connect")
def _duckdb(m: Machine, c: Call) -> Value:
    given = c.args.get(0, "database")
    made = sqlite_file(m, c, given if given is not None else const(":memory:"))
    files = join_all(a.target for a in made if isinstance(a, Inst))
    return make_inst(m, "duckdb.Connection", files, c.node)


def sqlite_file(m: Machine, c: Call, database: Value) -> Value:
    """A database file: read and written, read alone for `mode=ro`, nothing for `:memory:`."""
    made: list[Value] = []
    for value in [_only(a) for a in database] or [DATA]:
        literal = [p for atom in value for p in _spelling(atom) if isinstance(p, str)]
        spelled = "".join(literal)
        if literal and (
            spelled in (":memory:", "") or "mode=memory" in spelled or spelled.startswith("file::memory:")
        ):
            continue
        file = _without_uri(value)
        touch(m, "read", file, c.node, c.name)
        if not any(mark in spelled for mark in ("mode=ro", "immutable=1")) and not _read_only(c):
            touch(m, "write", file, c.node, c.name)
        made.append(file)
    return make_inst(m, "sqlite3.Connection", join_all(made), c.node)


def _only(atom: Atom) -> Value:
    return (atom,)


def _read_only(c: Call) -> bool:
    given = c.args.named.get("read_only", DATA)
    return any(isinstance(a, Const) and a.value is True for a in given)


def _spelling(atom: Atom) -> tuple[object, ...]:
    if isinstance(atom, Const):
        return (atom.value,)
    return atom.parts if isinstance(atom, Text) else ()


def _without_uri(value: Value) -> Value:
    """`file:PATH?mode=ro` → PATH."""
    made: list[Value] = []
    for atom in value:
        parts = list(_spelling(atom))
        if parts and isinstance(parts[0], str):
            parts[0] = parts[0].removeprefix("file://").removeprefix("file:")
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].partition("?")[0]
        made.append(text(tuple(parts)) if parts and None not in parts else (atom,))  # type: ignore[arg-type]
    return join_all(made)
