import csv
import json

from smolagents import tool

MAX_ROWS = 200_000


def as_number(value: object) -> float | None:
    """The number that a cell holds, or None."""
    if isinstance(value, bool):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None


def profile_column(values: list) -> dict:
    """Type, gaps and range of one column."""
    present = [value for value in values if value not in ("", None)]
    numbers = [number for number in map(as_number, present) if number is not None]
    numeric = bool(present) and len(numbers) == len(present)
    kind = "number" if numeric else "text" if present else "empty"
    column = {
        "type": kind,
        "missing": len(values) - len(present),
        "distinct": len({str(value) for value in present}),
    }
    if numeric:
        column |= {"min": min(numbers), "max": max(numbers), "mean": round(sum(numbers) / len(numbers), 6)}
    elif present:
        column["example"] = str(present[0])[:80]
    return column


def read_rows(path: str) -> list:
    """The rows of a CSV or JSON file as mappings."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        if not path.lower().endswith(".json"):
            return [row for row, _ in zip(csv.DictReader(file, restval=""), range(MAX_ROWS), strict=False)]
        rows = json.load(file)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{path}: expected a JSON list of objects")
    return rows[:MAX_ROWS]


@tool
def table_profile(path: str) -> dict:
    """Describe a table in a CSV or JSON file: its columns, their types, gaps and ranges.

    Use it before you load a table, to learn what it holds without reading all of it.

    Side effects:
        read: {path}

    Args:
        path: File to describe, e.g. "data/people.csv"; a name ending in .json is read as a list of objects,
            any other as comma-separated values with a header line. UTF-8.

    Returns:
        Mapping with `rows`, the number of rows read (200,000 at most), and `columns`, a mapping of column name
        to `type` ("number", "text" or "empty"), `missing`, `distinct`, and `min`, `max` and `mean` of numbers
        or one `example` of text.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The JSON is not a list of objects.

    Examples:
        >>> profile = table_profile("people.csv")
        >>> profile["rows"], sorted(profile["columns"])
        (4, ['age', 'city', 'name'])
        >>> profile["columns"]["age"]
        {'type': 'number', 'missing': 1, 'distinct': 3, 'min': 19.0, 'max': 52.0, 'mean': 34.0}
        >>> table_profile("people.json")["columns"]["name"]["type"]
        'text'
    """
    rows = read_rows(path)
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    return {
        "rows": len(rows),
        "columns": {name: profile_column([row.get(name) for row in rows]) for name in names},
    }
