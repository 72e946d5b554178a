"""What calls of other packages do where one catalogue line cannot say it: it hangs on an argument's value."""

from __future__ import annotations

from toolreg.effects import Qualifier
from toolreg.infer import commands, targets
from toolreg.infer.apply import make_inst, model
from toolreg.infer.machine import Call, Machine
from toolreg.infer.models_common import known_name
from toolreg.infer.models_files import sqlite_file
from toolreg.infer.values import DATA, Api, Const, Inst, Items, Text, Value, const, join_all
from toolreg.infer.verbs import touch


def _truth(value: Value | None, default: bool) -> bool | None:
    """True, False, or None where it is not known."""
    if value is None:
        return default
    if len(value) == 1 and isinstance(value[0], Const):
        return bool(value[0].value)
    return None


@model("numpy.load")
def _numpy_load(m: Machine, c: Call) -> Value:
    if _truth(c.args.get(2, "allow_pickle"), False) is not False:
        m.effect("code", "*", c.node, "numpy.load")
    return make_inst(m, "numpy.ndarray", DATA, c.node)


@model("torch.load")
def _torch_load(m: Machine, c: Call) -> Value:
    if _truth(c.args.named.get("weights_only"), True) is not True:
        m.effect("code", "*", c.node, "torch.load")
    return DATA


@model("yaml.load", "yaml.load_all")
def _yaml_load(m: Machine, c: Call) -> Value:
    """Only the safe loaders build nothing but data."""
    loader = c.args.get(1, "Loader")
    names = [a.name.rpartition(".")[2] for a in loader or () if isinstance(a, Api)]
    if loader is None or len(names) < len(loader) or not all(n in _SAFE_LOADERS for n in names):
        m.effect("code", "*", c.node, c.name)
    return DATA


_SAFE_LOADERS = frozenset(
    ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "FullLoader", "CFullLoader")
)


@model(
    "pandas.DataFrame.query",
    "pandas.DataFrame.eval",
    "jinja2.Template",
    "jinja2.Environment.from_string",
    "mako.template.Template",
    "numexpr.evaluate",
    "sympy.sympify",
    "sympy.S",
    "sympy.parse_expr",
    "sympy.parsing.sympy_parser.parse_expr",
)
def _expression(m: Machine, c: Call) -> Value:
    """Expressions and templates reach any attribute: one that is not in the source is code."""
    given = c.args.get(0, "expr", "source", "text", "ex", "a", "s")
    if given is None or not all(isinstance(a, Const) for a in given) or not given:
        m.effect("code", "*", c.node, c.name)
    return make_inst(m, c.name, DATA, c.node) if c.inst is None else (c.inst,)


@model("sqlalchemy.create_engine")
def _engine(m: Machine, c: Call) -> Value:
    """A database URL: SQLite is a file, all else a server."""
    for parts in targets.alternatives(c.args.get(0, "url") or DATA):
        head = parts[0] if parts else None
        if isinstance(head, str) and head.startswith("sqlite"):
            rest = head.partition(":///")[2]
            file = targets_text((rest, *parts[1:])) if parts else DATA
            if rest or len(parts or ()) > 1:
                sqlite_file(m, c, file)
        else:
            _server(m, c, targets_text(parts) if parts is not None else DATA, "writes")
    return DATA


def targets_text(parts: tuple[object, ...]) -> Value:
    from toolreg.infer.values import text

    return text(parts)  # type: ignore[arg-type]


def _server(m: Machine, c: Call, url: Value, qualifier: Qualifier) -> None:
    for target in targets.hosts(url):
        if target.text is not None:
            m.effect("net", target.text, c.node, c.name, qualifier)
        else:
            m.somewhere("net", c.node, c.name, target.reason, target.derived, qualifier)


@model("psycopg.connect")
def _postgres(m: Machine, c: Call) -> Value:
    """A connection text, a URL, or `host=`; without a host it is this machine."""
    dsn = c.args.get(0, "conninfo", "dsn")
    host = c.args.named.get("host")
    port = c.args.named.get("port")
    text = known_name(dsn)
    if text is not None and "://" not in text:
        words = dict(w.partition("=")[::2] for w in text.split())
        host, port, dsn = (
            const(words.get("host", "localhost")),
            const(int(words["port"])) if words.get("port", "").isdigit() else port,
            None,
        )
    if dsn is not None:
        for target in targets.hosts(dsn):
            if target.text is not None:
                name = target.text if ":" in target.text else f"{target.text}:5432"
                m.effect("net", name, c.node, c.name, "writes")
            else:
                m.somewhere("net", c.node, c.name, target.reason, target.derived, "writes")
        return DATA
    address = Items([host or const("localhost"), port or const(5432)])
    for target in targets.addresses((address,)):
        if target.text is not None:
            m.effect("net", target.text, c.node, c.name, "writes")
        else:
            m.somewhere("net", c.node, c.name, target.reason, target.derived, "writes")
    return DATA


@model("gradio_client.Client")
def _gradio(m: Machine, c: Call) -> Value:
    """A Space of the Hub by its name, or any server by its URL."""
    source = c.args.get(0, "src") or DATA
    urls: list[Value] = []
    for atom in source:
        head = atom.value if isinstance(atom, Const) else atom.parts[0] if isinstance(atom, Text) else None
        named = isinstance(head, str) and "://" not in head
        if named:
            m.effect("net", "huggingface.co", c.node, c.name)
        urls.append(const("https://*.hf.space") if named else (atom,))
    target = join_all(urls)
    _server(m, c, target, "")
    return make_inst(m, "gradio_client.Client", target, c.node)


@model("mcp.client.stdio.stdio_client")
def _stdio(m: Machine, c: Call) -> Value:
    server = c.args.get(0, "server") or DATA
    argv = (
        join_all(a.target for a in server if isinstance(a, Inst))
        if any(isinstance(a, Inst) for a in server)
        else DATA
    )
    for target in commands.programs(argv):
        if target.text is not None:
            m.effect("run", target.text, c.node, c.name)
        else:
            m.somewhere("run", c.node, c.name, target.reason, target.derived)
    return DATA


@model("pandas.read_sql", "pandas.read_sql_query", "pandas.read_sql_table")
def _read_sql(m: Machine, c: Call) -> Value:
    """A connection was opened before; a URL is opened here."""
    con = c.args.get(1, "con") or DATA
    if any(isinstance(a, (Const, Text)) for a in con):
        _engine(m, Call(type(c.args)([con]), c.node, c.name, None))
    return make_inst(m, "pandas.DataFrame", DATA, c.node)


@model("urllib.request.Request", "requests.Request", "httpx.Request", "httpx.Client.build_request")
def _request(m: Machine, c: Call) -> Value:
    """A prepared request: its URL and what it asks for."""
    if c.name == "urllib.request.Request":
        sends = c.args.get(1, "data")
        implied = "POST" if sends is not None and sends != const(None) else "GET"
        url, method = c.args.get(0, "url"), c.args.named.get("method") or const(implied)
    else:
        url, method = c.args.get(1, "url"), c.args.get(0, "method") or const("GET")
    if c.inst is not None and not any(isinstance(a, Const) and "://" in str(a.value) for a in url or DATA):
        url = c.inst.target or url
    key = (c.node, url, method)
    if key not in m.made:
        made = Inst("urllib.request.Request", url or DATA, None)
        made.method = method
        m.made[key] = (made,)
    value: Value = m.made[key]
    return value


@model("urllib.request.urlopen", "urllib.request.OpenerDirector.open")
def _urlopen(m: Machine, c: Call) -> Value:
    """Data that is sent makes it a POST."""
    sends = c.args.get(1, "data")
    url = c.args.get(0, "url", "fullurl") or DATA
    if sends is not None and sends != const(None):
        _server(m, c, url, "writes")
    return make_inst(m, "requests.Response", url, c.node)


@model("requests.Session.prepare_request", "requests.Request.prepare", "urllib.request.Request.prepare")
def _prepared(_m: Machine, c: Call) -> Value:
    return (
        (c.inst,) if c.inst is not None and c.name.endswith(".prepare") else c.args.get(0, "request") or DATA
    )


@model("matplotlib.pyplot.subplots")
def _subplots(m: Machine, c: Call) -> Value:
    return (Items([make_inst(m, "matplotlib.figure.Figure", DATA, c.node), DATA]),)


@model("pandas.ExcelWriter.__enter__")
def _entered(_m: Machine, c: Call) -> Value:
    return (c.inst,) if c.inst is not None else DATA


__all__ = ["touch"]
