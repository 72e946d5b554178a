"""What calls give that make texts: paths, URLs, variables of the environment, commands."""

from __future__ import annotations

import re

from toolreg.infer.apply import make_inst, model
from toolreg.infer.attrs import attribute
from toolreg.infer.machine import Args, Call, Machine
from toolreg.infer.models_common import first, known_name
from toolreg.infer.spec import Argument, Does
from toolreg.infer.texts import add_text, text_method
from toolreg.infer.values import (
    DATA,
    Const,
    Inst,
    Items,
    Text,
    Value,
    const,
    derived,
    hole,
    join,
    join_all,
    text,
)
from toolreg.infer.verbs import perform, run_shell


@model("builtins.str", "os.fspath", "os.fsdecode", "os.fsencode", "os.path.expanduser", "os.path.abspath",
       "os.path.normpath", "os.path.realpath", "urllib.parse.unquote", "urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urldefrag_", "builtins.repr_",
       "codecs.encode_", "sys.intern", "textwrap.dedent", "builtins.format")  # fmt: skip
def _text_of(_m: Machine, c: Call) -> Value:
    value = first(c.args)
    kept = tuple(a for a in value if isinstance(a, (Const, Text, Inst)))
    made = join_all(a.target if isinstance(a, Inst) else (a,) for a in kept) if kept else DATA
    return join(made, DATA) if len(kept) < len(value) else made


@model("os.path.expandvars")
def _expanded(m: Machine, c: Call) -> Value:
    """`$NAME` and `${NAME}` in a text are replaced by the environment's values."""
    made: list[Value] = []
    for atom in first(c.args):
        known = atom.value if isinstance(atom, Const) and isinstance(atom.value, str) else None
        pieces = re.split(r"\$\{?(\w+)\}?", known) if known is not None else ["", "*", ""]
        for name in pieces[1::2]:
            m.effect("env", name, c.node, c.name)
        env = hole("comes from the environment", role="env")
        made.append(text(tuple(env if at % 2 else piece for at, piece in enumerate(pieces))))
    return join_all(made)


@model("os.path.join", "posixpath.join")
def _path_join(m: Machine, c: Call) -> Value:
    value = first(c.args)
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
    base, path = first(c.args), c.args.get(1, "url") or DATA
    if len(path) == 1 and isinstance(path[0], Const) and "://" in str(path[0].value):
        return path
    # An absolute second URL from elsewhere would win; what is certain is only known for constants.
    known = bool(path) and all(isinstance(a, Const) for a in path)
    joined = add_text(base, const("/"))
    return joined if known or base == path else join(joined, derived(path))


@model("urllib.parse.urlparse", "urllib.parse.urlsplit", "yarl.URL", "httpx.URL")
def _urlparse(m: Machine, c: Call) -> Value:
    return make_inst(m, "yarl.URL", first(c.args), c.node)


@model("shlex.quote")
def _quoted(_m: Machine, c: Call) -> Value:
    params = derived(first(c.args))
    names = tuple(p for a in params if isinstance(a, Text) for p in a.parts[0].params) if params else ()  # type: ignore[union-attr]
    return text((hole("is quoted", names, role="quoted"),))


@model("shlex.split")
def _shlex_split(_m: Machine, c: Call) -> Value:
    value = first(c.args)
    return join_all(text_method(a, "split", Args([])) for a in value if isinstance(a, (Const, Text)))


@model("os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenvb")
def _getenv(_m: Machine, c: Call) -> Value:
    default = c.args.get(1, "default")
    if (
        default is not None
        and default
        and all(isinstance(a, (Const, Text)) for a in default)
        and default != const(None)
    ):
        return default
    key = known_name(first(c.args))
    return text(
        (
            hole(
                f"comes from the environment variable {key}" if key else "comes from the environment",
                role="env",
            ),
        )
    )


@model(
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
)
def _subprocess(m: Machine, c: Call) -> Value:
    command = c.args.get(0, "args") or DATA
    shell = c.args.named.get("shell", const(False))
    if any(isinstance(a, Const) and a.value for a in shell):
        flat = join_all(
            (a,) if not isinstance(a, Items) else (a.values[0] if a.values else DATA) for a in command
        )
        run_shell(m, flat, c.node, c.name)
        return DATA
    perform(m, c, Does("run", Argument(("args",), 0)))
    if c.args.open or (not shell and "shell" in c.args.named):
        m.question(c.node, "whether a shell runs it is not known", "run")
    return DATA
