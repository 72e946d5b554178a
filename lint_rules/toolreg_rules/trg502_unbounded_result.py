import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Names, body, names_of


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
_PROCESSES = {"subprocess.run"}


def _whole(tool: ToolSource, node: ast.expr) -> str:
    if not isinstance(node, ast.Call | ast.Attribute):
        return ""
    names = names_of(tool)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "read"
        and not node.args
    ):
        return "a file or page" if _made_by(names, node.func.value) in _STREAMS else ""
    if isinstance(node, ast.Attribute) and node.attr in ("text", "content"):
        return "a response" if _made_by(names, node.value) in _RESPONSES else ""
    if isinstance(node, ast.Attribute) and node.attr == "stdout":
        return "a program's output" if _made_by(names, node.value) in _PROCESSES else ""
    return ""


def _made_by(names: Names, node: ast.expr) -> str:
    maker = (
        node
        if isinstance(node, ast.Call)
        else names.made.get(ast.unparse(node))
        if isinstance(node, ast.Name)
        else None
    )
    return names.called(maker.func)[0] if maker is not None else ""
