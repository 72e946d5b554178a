import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Names, body, names_of
from toolreg_rules._local import assigned_once


@rule(
    "TRG502",
    "unbounded-result",
    Severity.INFO,
    bad=[
        function_tool(
            "return requests.get(url, timeout=9).text",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        ),
        function_tool(
            "with open(path) as file:\n    return file.read()", signature="path: str", effects="read: {path}"
        ),
    ],
    good=[
        function_tool(
            "return requests.get(url, timeout=9).text[:20000]",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        ),
    ],
    needs=[ast.Return],
)
def unbounded_result(tool: ToolSource) -> Iterator[Hit]:
    """Everything that a page, a file or a program says is given to the model.

    A result of megabytes fills the model's context, costs its price, and crowds out the task. Cut it, and say in
    `Returns:` how long it may be.
    """
    for statement in body(tool, ast.Return):
        what = _whole(tool, statement.value) if statement.value is not None else ""
        if what:
            yield statement, f"gives back all of {what}, however long; cut it, e.g. [:20000]"


_VERBS = ("get", "post", "put", "patch", "delete", "request")
_RESPONSES = {
    f"{lib}.{verb}" for lib in ("requests", "httpx", "requests.Session", "httpx.Client") for verb in _VERBS
}
_STREAMS = {"open", "urllib.request.urlopen", "io.open", "codecs.open"}
_PATHS = {"pathlib.Path", "Path"}
_PROCESSES = {"subprocess.run"}
_OUTPUTS = {"subprocess.check_output", "subprocess.getoutput"}
# What keeps a text as long as it was.
_KEEPING = frozenset(
    {"strip", "rstrip", "lstrip", "decode", "encode", "lower", "upper", "replace", "splitlines"}
)


def _whole(tool: ToolSource, node: ast.expr, depth: int = 0) -> str:
    """What the value holds all of; "" where nothing is known to be whole."""
    if depth > 8:
        return ""
    parts = _same_length(tool, node)
    if parts:
        return next((what for part in parts if (what := _whole(tool, part, depth + 1))), "")
    if isinstance(node, ast.Attribute):
        return _whole_attribute(names_of(tool), node)
    return _whole_call(names_of(tool), node) if isinstance(node, ast.Call) else ""


def _same_length(tool: ToolSource, node: ast.expr) -> list[ast.expr]:
    """The parts that stand in a value uncut."""
    match node:
        case ast.Name(id=name) if name in assigned_once(tool):
            return [assigned_once(tool)[name]]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [left, right]
        case ast.JoinedStr(values=values):
            return [v.value for v in values if isinstance(v, ast.FormattedValue) and v.format_spec is None]
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _KEEPING:
            return [value]
        case ast.Call(func=ast.Name(id="str"), args=[value, *_]):
            return [value]
    return []


def _whole_attribute(names: Names, node: ast.Attribute) -> str:
    if node.attr in ("text", "content"):
        return "a response" if _made_by(names, node.value) in _RESPONSES else ""
    if node.attr == "stdout":
        return "a program's output" if _made_by(names, node.value) in _PROCESSES else ""
    return ""


def _whole_call(names: Names, node: ast.Call) -> str:
    if names.called(node.func)[0] in _OUTPUTS:
        return "a program's output"
    if not isinstance(node.func, ast.Attribute) or (node.args and node.func.attr in ("read", "readlines")):
        return ""
    made_by = _made_by(names, node.func.value)
    if node.func.attr in ("read", "readlines"):
        return (
            "a file or page" if made_by in _STREAMS else "a program's output" if made_by == "os.popen" else ""
        )
    return "a file" if node.func.attr in ("read_text", "read_bytes") and made_by in _PATHS else ""


def _made_by(names: Names, node: ast.expr) -> str:
    maker = (
        node
        if isinstance(node, ast.Call)
        else names.made.get(ast.unparse(node))
        if isinstance(node, ast.Name)
        else None
    )
    return names.called(maker.func)[0] if maker is not None else ""
