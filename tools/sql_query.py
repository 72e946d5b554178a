import sqlite3
from urllib.parse import quote

from smolagents import Tool


class SqlQueryTool(Tool):
    """Ask a SQLite database one question in SQL, without being able to change it.

    Side effects:
        read: {path}

    Args:
        path: Database file, e.g. "shop.db".
        query: One SQL statement that reads, e.g. "SELECT name FROM products ORDER BY price LIMIT 3".
        limit: How many rows to return at most, 1 to 1000.

    Returns:
        Mapping with `columns`, the column names, `rows`, a list of lists, and `more`, true where rows were
        left out.

    Raises:
        ValueError: The statement is wrong, would change the database or reads another file.

    Examples:
        >>> sql_query("shop.db", "SELECT name, price FROM products ORDER BY price DESC", limit=1)
        {'columns': ['name', 'price'], 'rows': [['lamp', 39.5]], 'more': True}
        >>> sql_query(path="shop.db", query="DELETE FROM products")
        Traceback (most recent call last):
        ValueError: not authorized
    """

    name = "sql_query"
    description = """Ask a SQLite database one question in SQL, without being able to change it.

    Side effects:
        read: {path}"""
    inputs = {
        "path": {"type": "string", "description": 'Database file, e.g. "shop.db".'},
        "query": {
            "type": "string",
            "description": 'One SQL statement that reads, e.g. "SELECT name FROM products ORDER BY price LIMIT 3".',
        },
        "limit": {
            "type": "integer",
            "description": "How many rows to return at most, 1 to 1000.",
            "nullable": True,
        },
    }
    output_type = "object"

    # What SQLite may do for us: select, read columns, call functions, recurse. No ATTACH, no PRAGMA, no change.
    allowed_actions = frozenset({20, 21, 31, 33})

    def forward(self, path: str, query: str, limit: int = 100) -> dict:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True, timeout=10)
        try:
            connection.set_authorizer(self._authorize)
            cursor = connection.execute(query)
            rows = cursor.fetchmany(max(1, min(limit, 1000)) + 1)
            columns = [column[0] for column in cursor.description or ()]
        except sqlite3.Error as error:
            raise ValueError(str(error)) from error
        finally:
            connection.close()
        shown = rows[: max(1, min(limit, 1000))]
        return {"columns": columns, "rows": [list(row) for row in shown], "more": len(rows) > len(shown)}

    def _authorize(self, action: int, *_details: str | None) -> int:
        return sqlite3.SQLITE_OK if action in self.allowed_actions else sqlite3.SQLITE_DENY
