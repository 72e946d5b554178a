import ast
from collections.abc import Iterator

from toolreg.contract.source import Function, ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Names, names_of, nodes
from toolreg_rules._flow import parameter_in
from toolreg_rules._local import value_of

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
        "os.rename",
        "os.rmdir",
        "shutil.copy2",
        "shutil.move",
        "codecs.open",
        "numpy.load",
        "pandas.read_json",
        "pandas.read_excel",
        "pandas.read_parquet",
        "pandas.read_csv",
    }
)
_PATHS = frozenset({"pathlib.Path", "Path", "pathlib.PurePath"})
_METHODS = frozenset(
    {"touch", "rmdir", "open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink"}
)


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
    lines: set[int] = set()
    for node in (*nodes(tool, ast.Call), *nodes(tool, ast.BinOp), *nodes(tool, ast.JoinedStr)):
        name = _joined(tool, node) if node.lineno not in lines else ""
        if name and _is_opened(tool, node):
            lines.add(node.lineno)
            yield (
                node,
                f"'{name}', a parameter, may lead out of the folder (../); check the path, or take its basename",
            )


def _joined(tool: ToolSource, node: ast.expr) -> str:
    """The parameter that is put behind a fixed folder."""
    behind = _behind_folder(tool, node)
    return next((name for part in behind if (name := parameter_in(tool, part))), "")


def _behind_folder(tool: ToolSource, node: ast.expr) -> list[ast.expr]:
    """What follows the folder in a path that is put together; nothing where the folder is a parameter too."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[first, *rest]) if (
            names_of(tool).dotted(node.func) == "os.path.join"
        ):
            return rest if _is_fixed(tool, first) else []
        case ast.Call(func=ast.Attribute(attr="joinpath", value=first), args=rest):
            return rest if _is_fixed(tool, first) else []
        case ast.Call(func=func, args=[first, *rest]) if names_of(tool).dotted(func) in _PATHS:
            return rest if _is_fixed(tool, first) else []
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str() as start)), args=rest):
            return rest if _is_folder(start) else []
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return [right] if _is_fixed(tool, left) else []
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return [right] if _is_folder(_start(tool, left)) else []
        case ast.JoinedStr(values=values):
            return _after_folder(tool, values)
    return []


def _after_folder(tool: ToolSource, values: list[ast.expr]) -> list[ast.expr]:
    """The parameters of an f-string behind its first `/`."""
    start = ""
    for n, part in enumerate(values):
        if isinstance(part, ast.FormattedValue):
            if _is_folder(start):
                return [v.value for v in values[n:] if isinstance(v, ast.FormattedValue)]
            if not _is_fixed(tool, part.value):
                return []
            start += _start(tool, part.value) or "folder"
        else:
            start += _start(tool, part)
    return []


def _start(tool: ToolSource, node: ast.expr) -> str:
    """The text that a path begins with, as far as it is known."""
    node = value_of(tool, node) or node
    if isinstance(node, ast.BinOp):
        return _start(tool, node.left) + (_start(tool, node.right) or "")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_folder(start: str) -> bool:
    return "/" in start and "://" not in start


def _is_fixed(tool: ToolSource, node: ast.expr) -> bool:
    return not parameter_in(tool, node) and not any(
        isinstance(n, ast.Name) and n.id in {p.arg for p in tool.parameters} for n in ast.walk(node)
    )


def _is_opened(tool: ToolSource, node: ast.AST, depth: int = 0) -> bool:
    """The path itself, or the variable it is assigned to, or what a helper gives back, is opened."""
    parents, names = tool.module.walk.parents, names_of(tool)
    above = parents.get(node)
    while isinstance(above, ast.Attribute | ast.Call | ast.BinOp | ast.JoinedStr | ast.FormattedValue):
        if isinstance(above, ast.Call) and _opens(names, above):
            return True
        above = parents.get(above)
    if isinstance(above, ast.Return) and depth < 2:
        while above is not None and not isinstance(above, Function):
            above = parents.get(above)
        name = above.name if above is not None else ""
        made = [c for c in nodes(tool, ast.Call) if isinstance(c.func, ast.Name) and c.func.id == name]
        return any(_is_opened(tool, call, depth + 1) for call in made)
    target = _target(above)
    return bool(target) and any(
        _opens(names, n)
        for n in nodes(tool, ast.Call)
        if any(
            isinstance(a, ast.Name) and a.id == target for a in (*n.args[:2], getattr(n.func, "value", None))
        )
    )


def _target(node: ast.AST | None) -> str:
    """The variable that a statement or `:=` assigns."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def _opens(names: Names, call: ast.Call) -> bool:
    return names.dotted(call.func) in _OPENING or (
        isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
    )
