import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes
from toolreg_rules._flow import parameter_in

_RUNNING = ("execute", "executemany", "executescript", "read_sql", "read_sql_query")
_SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER|PRAGMA|EXPLAIN|ATTACH)\b", re.I
)


@rule(
    "TRG510",
    "sql-from-parameter",
    Severity.ERROR,
    bad=[
        function_tool(
            "import sqlite3\nwith sqlite3.connect(path) as db:\n    return str(db.execute(f\"SELECT * FROM notes WHERE name = '{name}'\").fetchone())",
            signature="path: str, name: str",
            effects="read: {path}\nwrite: {path}",
        ),
    ],
    good=[
        function_tool(
            "import sqlite3\nwith sqlite3.connect(path) as db:\n    return str(db.execute('SELECT * FROM notes WHERE name = ?', (name,)).fetchone())",
            signature="path: str, name: str",
            effects="read: {path}\nwrite: {path}",
        ),
    ],
    references=["https://cwe.mitre.org/data/definitions/89.html"],
    needs=[ast.JoinedStr, ast.BinOp, ast.Call],
)
def sql_from_parameter(tool: ToolSource) -> Iterator[Hit]:
    """An SQL statement is put together from a parameter.

    The argument is then SQL too, and can read or drop any table. Pass values beside the statement:
    `execute("... WHERE name = ?", (name,))`.
    """
    for node in nodes(tool, ast.Call):
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in _RUNNING or not node.args:
            continue
        statement = node.args[0]
        for part in _built(tool, statement):
            name = parameter_in(tool, part) if _SQL.match(_start(part)) else ""
            if name:
                yield node, f"SQL is put together from '{name}', a parameter; pass it beside the statement"
                break


def _built(tool: ToolSource, node: ast.expr) -> list[ast.expr]:
    """The statement, or what a variable of that name was assigned; put together, not constant."""
    found = [node]
    if isinstance(node, ast.Name):
        found = [
            a.value
            for a in nodes(tool, ast.Assign)
            if any(isinstance(t, ast.Name) and t.id == node.id for t in a.targets)
        ]
    return [f for f in found if isinstance(f, ast.JoinedStr | ast.BinOp | ast.Call)]


def _start(node: ast.expr) -> str:
    """The text that a string put together begins with."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[first, *_]):
            return _start(first)
        case ast.BinOp(left=left):
            return _start(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _start(value)
    return ""
