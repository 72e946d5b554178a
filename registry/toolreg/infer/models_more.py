"""What calls of the standard library do where one catalogue line cannot say it: SQL, search paths, templates, feeds."""

from __future__ import annotations

import re

from toolreg.infer.apply import make_inst, model
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import first, known_name
from toolreg.infer.texts import add_text, fill, to_text
from toolreg.infer.values import DATA, Const, Hole, Inst, Items, Text, Value, const, derived, join_all
from toolreg.infer.verbs import open_file, touch

_ATTACHES = re.compile(r"\b(attach|vacuum\s+into|load_extension|writefile|readfile)\b", re.IGNORECASE)
_FILE = re.compile(r"\b(?:attach(?:\s+database)?|vacuum\s+(?:\w+\s+)?into)\s+'([^']*)'", re.IGNORECASE)


@model("sqlite3.Connection.execute", "sqlite3.Connection.executemany", "sqlite3.Connection.executescript",
       "sqlite3.Cursor.execute", "sqlite3.Cursor.executemany", "sqlite3.Cursor.executescript")  # fmt: skip
def _sql(m: Machine, c: Call) -> Value:
    """SQL can open other files: ATTACH, VACUUM INTO, extensions. A text that starts as something else cannot."""
    for parts in to_text(c.args.get(0, "sql", "sql_script") or DATA):
        literal = "".join(p for p in parts if isinstance(p, str))
        if _ATTACHES.search(literal):
            _attached(m, c, literal)
        starts = isinstance(parts[0], str) and re.match(r"\s*(--[^\n]*\n\s*)*[A-Za-z]+\s", parts[0])
        holes = [p for p in parts if isinstance(p, Hole)]
        in_memory = c.inst is None or not c.inst.target
        if holes and in_memory and (not starts or c.name.endswith("script")):
            m.question(
                c.node, "SQL that is not known may open other files", "write", derived=_all_params(holes)
            )
    return make_inst(m, "sqlite3.Cursor", c.inst.target if c.inst is not None else DATA, c.node)


def _all_params(holes: list[Hole]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for h in holes for p in h.params)) if all(h.params for h in holes) else ()


def _attached(m: Machine, c: Call, literal: str) -> None:
    names = _FILE.findall(literal)
    for name in names:
        if name not in ("", ":memory:"):
            touch(m, "read", const(name), c.node, c.name)
            touch(m, "write", const(name), c.node, c.name)
    if re.search("load_extension", literal, re.IGNORECASE):
        m.somewhere("native", c.node, c.name, "SQL loads an extension", ())
    elif not names:
        m.somewhere("read", c.node, c.name, "SQL opens a file that is not known", ())
        m.somewhere("write", c.node, c.name, "SQL opens a file that is not known", ())


@model("sqlite3.Connection.cursor")
def _cursor(m: Machine, c: Call) -> Value:
    return make_inst(m, "sqlite3.Cursor", c.inst.target if c.inst is not None else DATA, c.node)


@model("sys.path.insert", "sys.path.append", "sys.path.extend")
def _search_path(m: Machine, c: Call) -> Value:
    """Modules are found where an argument says: any code."""
    if any(derived(v) for v in c.args.every()):
        m.effect("code", "*", c.node, c.name)
    return DATA


@model("string.Template")
def _template(m: Machine, c: Call) -> Value:
    return make_inst(m, "string.Template", first(c.args), c.node)


@model("string.Template.substitute", "string.Template.safe_substitute")
def _substituted(m: Machine, c: Call) -> Value:
    named = dict(c.args.named)
    for value in c.args.pos:
        m.whole_environment(value, c.node)
        for atom in value:
            if isinstance(atom, Items) and atom.keys is not None:
                named.update({str(k): v for k, v in atom.keys.items()})
    templates = c.inst.target if c.inst is not None else DATA
    return join_all(
        fill(a.value, _DOLLAR, [], named)
        if isinstance(a, Const) and isinstance(a.value, str)
        else derived((a,))
        for a in templates
    )


_DOLLAR = re.compile(r"\$\{?(\w+)\}?")


@model("urllib.parse.urlunsplit", "urllib.parse.urlunparse")
def _unsplit(_m: Machine, c: Call) -> Value:
    """A URL of its pieces."""
    pieces = first(c.args)
    if len(pieces) != 1 or not isinstance(pieces[0], Items) or len(pieces[0].values) < 3:
        kept = tuple(a.target if isinstance(a, Inst) else (a,) for a in pieces)
        return (
            join_all(kept) if kept and all(isinstance(a, (Inst, Text)) for a in pieces) else derived(pieces)
        )
    scheme, host, path = pieces[0].values[:3]
    return add_text(add_text(add_text(scheme, const("://")), host), path)


@model("fileinput.input", "fileinput.FileInput")
def _fileinput(m: Machine, c: Call) -> Value:
    """`inplace=True` writes what is printed back into the files."""
    files = c.args.get(0, "files") or DATA
    inplace = c.args.get(1, "inplace")
    open_file(m, files, None, c.node, c.name)
    if inplace is not None and inplace != const(False):
        touch(m, "write", files, c.node, c.name)
    m.call_back(c.args.named.get("openhook", DATA), [files, const("r")], c.node)
    return DATA


@model("dbm.open")
def _dbm(m: Machine, c: Call) -> Value:
    touch(m, "read", c.args.get(0, "file") or DATA, c.node, c.name)
    if c.args.get(1, "flag") not in (None, const("r")):
        touch(m, "write", c.args.get(0, "file") or DATA, c.node, c.name)
    return make_inst(m, "dbm.Db", DATA, c.node)


@model("argparse.ArgumentParser")
def _parser(m: Machine, c: Call) -> Value:
    if c.args.named.get("fromfile_prefix_chars", const(None)) != const(None):
        m.somewhere("read", c.node, c.name, "an argument may name a file of arguments", ())
    return make_inst(m, "argparse.ArgumentParser", DATA, c.node)


@model("xml.sax.Parser.setFeature")
def _feature(m: Machine, c: Call) -> Value:
    """External entities name files and URLs inside the document."""
    named = known_name(first(c.args)) or "external"
    if "external" in named and c.args.get(1, "state") not in (const(False), const(0)):
        m.somewhere("read", c.node, c.name, "the document's external entities name files", ())
        m.somewhere("net", c.node, c.name, "the document's external entities name URLs", ())
    return DATA


@model(
    "duckdb.sql",
    "duckdb.query",
    "duckdb.execute",
    "duckdb.Connection.sql",
    "duckdb.Connection.query",
    "duckdb.Connection.execute",
)
def _duck_sql(m: Machine, c: Call) -> Value:
    """DuckDB's SQL reads and writes files that it names in quotes; what is not known may name any."""
    for parts in to_text(c.args.get(0, "query", "sql") or DATA):
        literal = "".join(p for p in parts if isinstance(p, str))
        for before, name in re.findall(r"(\w+)\s*\(?\s*'([^']*\.\w+|https?://[^']*)'", literal):
            if before.lower() in ("from", "join", "scan_csv", "glob") or before.lower().startswith(
                ("read_", "parquet_")
            ):
                touch(m, "read", const(name), c.node, c.name, web=True, glob=True)
            elif before.lower() == "to":
                touch(m, "write", const(name), c.node, c.name)
        holes = [p for p in parts if isinstance(p, Hole)]
        if holes and (c.inst is None or not c.inst.target):
            m.question(c.node, "SQL that is not known may open files", "read", derived=_all_params(holes))
    return make_inst(m, "duckdb.Relation", DATA, c.node)


@model("PIL.ImageSequence.Iterator", "PIL.ImageSequence.all_frames")
def _frames(_m: Machine, c: Call) -> Value:
    """The frames of an image are images."""
    frames = Items()
    frames.rest, frames.whole = first(c.args), False
    return (frames,)


@model("ctypes.util.find_library")
def _library(_m: Machine, c: Call) -> Value:
    name = known_name(first(c.args))
    return const(f"lib{name}.so") if name is not None else derived(first(c.args))


@model("toolreg.fsspec")
def _fsspec(m: Machine, c: Call) -> Value:
    """A path or a URL; the mode tells reading from writing."""
    mode = known_name(c.args.get(1, "mode")) if c.args.get(1, "mode") is not None else "rb"
    target = c.args.get(0, "urlpath") or DATA
    if mode is None or "r" in mode or "+" in mode:
        touch(m, "read", target, c.node, "fsspec.open", web=True)
    if mode is None or any(letter in mode for letter in "wax+"):
        touch(m, "write", target, c.node, "fsspec.open", web=True)
    return make_inst(m, "io.File", DATA, c.node)
