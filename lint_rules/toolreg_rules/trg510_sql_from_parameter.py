import ast
import re
from collections.abc import Iterator

from toolreg.contract.once import once
from toolreg.contract.source import Module, ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes
from toolreg_rules._flow import flow_of, parameter_in

_RUNNING = frozenset(
    {"execute", "executemany", "executescript", "read_sql", "read_sql_query", "exec_driver_sql"}
)
# Words that mean other things too: only for what can be nothing but SQL.
_ASKING = frozenset(
    {
        "sql",
        "query",
        "fetch",
        "fetchrow",
        "fetchval",
        "fetch_all",
        "fetch_one",
        "run",
        "raw",
        "run_query",
        "cursor",
    }
)
_WORDS = ("sql", "query", "statement", "stmt", "operation", "command")
_SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER|PRAGMA|EXPLAIN|ATTACH|TRUNCATE|MERGE)\b",
    re.I,
)
_VERBS = (
    "select", "insert", "update", "delete", "replace", "create", "drop", "alter", "pragma", "explain", "attach", "truncate", "merge",
)  # fmt: skip
_PLAIN_SQL = re.compile(
    r"(?is)\s*(?:SELECT\b.*\bFROM\b|INSERT\s+INTO\b|UPDATE\b.*\bSET\b|DELETE\s+FROM\b|(?:CREATE|DROP|ALTER|TRUNCATE)\s+(?:TABLE|VIEW|INDEX|DATABASE)\b|WITH\b.*\bAS\b)"
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
    needs=[ast.Call],
)
def sql_from_parameter(tool: ToolSource) -> Iterator[Hit]:
    """An SQL statement is put together from a parameter.

    The argument is then SQL too, and can read or drop any table. Pass values beside the statement:
    `execute("... WHERE name = ?", (name,))`.
    """
    for node in nodes(tool, ast.Call):
        looks = _pattern(node)
        statement = _statement(node) if looks is not None and _mentions_sql(tool.module) else None
        if looks is None or statement is None:
            continue
        text = "".join(_texts(tool, statement, frozenset()))
        name = parameter_in(tool, statement) if looks.match(text) else ""
        if name:
            yield node, f"SQL is put together from '{name}', a parameter; pass it beside the statement"


@once
def _mentions_sql(module: Module) -> bool:
    """A word that a statement holds stands somewhere in the file; `WITH` alone makes none."""
    text = module.text.lower()
    return any(verb in text for verb in _VERBS)


def _pattern(call: ast.Call) -> re.Pattern[str] | None:
    word = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return _SQL if word in _RUNNING else _PLAIN_SQL if word in _ASKING else None


def _statement(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((word.value for word in call.keywords if word.arg in _WORDS), None)


def _texts(tool: ToolSource, node: ast.expr, gone: frozenset[str]) -> Iterator[str]:
    """What is known of a text, from left to right; names are followed to what they are made from."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=values):
            for part in values:
                yield from _texts(tool, part, gone)
        case ast.FormattedValue(value=value) if isinstance(value, ast.Name):
            yield from _texts(tool, value, gone)
        case ast.BinOp(left=left, right=right):
            yield from _texts(tool, left, gone)
            yield from _texts(tool, right, gone)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "strip" | "lstrip" | "rstrip")):
            yield from _texts(tool, value, gone)
        case ast.Call(args=[first, *_]):
            yield from _texts(tool, first, gone)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _texts(tool, part, gone)
                yield " "
        case ast.Name(id=name) if name not in gone and len(gone) < 5:
            for value in flow_of(tool).bound.get(name, ()):
                yield from _texts(tool, value, gone | {name})
