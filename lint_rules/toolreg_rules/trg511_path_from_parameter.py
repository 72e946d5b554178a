import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Names, names_of, nodes
from toolreg_rules._flow import parameter_in

_GUARDS = (
    "resolve",
    "is_relative_to",
    "relative_to",
    "realpath",
    "commonpath",
    "abspath",
    "secure_filename",
    "isalnum",
    "isidentifier",
    "fullmatch",
    "normpath",
)
_OPENING = frozenset(
    {
        "open",
        "io.open",
        "os.remove",
        "os.unlink",
        "shutil.rmtree",
        "shutil.copy",
        "shutil.copyfile",
        "os.listdir",
        "pandas.read_csv",
    }
)
_METHODS = frozenset({"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink"})


@rule(
    "TRG511",
    "path-from-parameter",
    Severity.WARNING,
    bad=[
        function_tool(
            "import os\nwith open(os.path.join('notes', name)) as file:\n    return file.readline()",
            signature="name: str",
            effects="read: notes/{name}",
        ),
        function_tool(
            "with open(f'notes/{name}.md') as file:\n    return file.readline()",
            signature="name: str",
            effects="read: notes/{name}.md",
        ),
    ],
    good=[
        function_tool(
            "import os\nwith open(os.path.join('notes', os.path.basename(name))) as file:\n    return file.readline()",
            signature="name: str",
            effects="read: notes/*",
        ),
    ],
    references=["https://cwe.mitre.org/data/definitions/22.html"],
)
def path_from_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A path below a folder is put together from a parameter, and nothing keeps it there.

    `../../.ssh/id_rsa` leaves the folder. Resolve it and check `is_relative_to(folder)`, or take
    `os.path.basename` of it.
    """
    names = names_of(tool)
    if (
        not any(_opens(names, call) for call in nodes(tool, ast.Call))
        or any(n.attr in _GUARDS for n in nodes(tool, ast.Attribute))
        or any(n.value == ".." for n in nodes(tool, ast.Constant))
    ):
        return
    for node in (*nodes(tool, ast.Call), *nodes(tool, ast.BinOp), *nodes(tool, ast.JoinedStr)):
        name = _joined(tool, node)
        if name and _is_opened(tool, node):
            yield (
                node,
                f"'{name}', a parameter, may lead out of the folder (../); check the path, or take its basename",
            )


def _joined(tool: ToolSource, node: ast.AST) -> str:
    """The parameter that is put behind a fixed folder."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[first, *rest]) if (
            names_of(tool).dotted(node.func) == "os.path.join"
        ):
            return (
                next((n for part in rest if (n := parameter_in(tool, part))), "")
                if _is_fixed(tool, first)
                else ""
            )
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return parameter_in(tool, right) if _is_fixed(tool, left) else ""
        case ast.JoinedStr(values=[ast.Constant(value=str() as start), *rest]) if (
            "/" in start and "://" not in start
        ):
            return next(
                (
                    n
                    for part in rest
                    if isinstance(part, ast.FormattedValue) and (n := parameter_in(tool, part.value))
                ),
                "",
            )
    return ""


def _is_fixed(tool: ToolSource, node: ast.expr) -> bool:
    return not parameter_in(tool, node)


def _is_opened(tool: ToolSource, node: ast.AST) -> bool:
    """The path itself, or the variable it is assigned to, is opened."""
    parents, names = tool.module.walk.parents, names_of(tool)
    above = parents.get(node)
    if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name):
        target = above.targets[0].id
        return any(
            _opens(names, n)
            for n in nodes(tool, ast.Call)
            if any(
                isinstance(a, ast.Name) and a.id == target
                for a in (*n.args[:1], getattr(n.func, "value", None))
            )
        )
    while isinstance(above, ast.Attribute | ast.Call):
        if isinstance(above, ast.Call) and _opens(names, above):
            return True
        above = parents.get(above)
    return False


def _opens(names: Names, call: ast.Call) -> bool:
    return names.dotted(call.func) in _OPENING or (
        isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
    )
