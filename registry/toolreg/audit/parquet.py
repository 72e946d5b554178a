"""JSONL → Parquet, a few thousand rows at a time; the one importer of pyarrow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toolreg.audit.items import Row
from toolreg.audit.journal import read_rows
from toolreg.audit.rows import TOOLS

BATCH = 2000
# Nested values of free form (inputs, reasons, evidence) stand as JSON text: a schema that never changes.
_TOOL = {
    "tool": pa.string(), "path": pa.string(), "line": pa.int64(), "sha256": pa.string(), "origin": pa.string(),
    "summary": pa.string(), "description": pa.string(), "inputs": pa.string(), "output_type": pa.string(),
    "verdict": pa.string(), "tried": pa.bool_(), "clean": pa.bool_(), "reasons": pa.string(),
    "declared": pa.list_(pa.string()), "inferred": pa.string(), "unresolved": pa.string(), "open": pa.int64(),
    "observed": pa.list_(pa.string()), "undeclared": pa.list_(pa.string()), "hints": pa.string(),
    "findings": pa.string(), "requirements": pa.list_(pa.string()), "refusals": pa.string(), "cases": pa.string(),
    "copies": pa.int64(),
}  # fmt: skip
_FINDING = {
    "path": pa.string(), "line": pa.int64(), "column": pa.int64(), "end_line": pa.int64(), "end_column": pa.int64(),
    "code": pa.string(), "name": pa.string(), "message": pa.string(), "severity": pa.string(), "tool": pa.string(),
    "url": pa.string(), "suppressed": pa.string(), "sha256": pa.string(),
}  # fmt: skip


def convert(rows: Path, table: Path) -> None:
    """Write the rows of a JSONL file of an audit as Parquet."""
    fields = _TOOL if rows.name == TOOLS else _FINDING
    schema = pa.schema(list(fields.items()))
    with pq.ParquetWriter(table, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            plain = [{name: _value(row.get(name), kind) for name, kind in fields.items()} for row in batch]
            writer.write_table(pa.Table.from_pylist(plain, schema=schema))


def _batches(path: Path) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in read_rows(path):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _value(value: object, kind: pa.DataType) -> object:
    if kind == pa.string() and value is not None and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=True, sort_keys=True)
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
