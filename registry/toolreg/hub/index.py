"""A local index of a Hub's tools: full text in milliseconds, without the network.

SQLite with two FTS5 tables over one: words (stemmed, by prefix) and trigrams (parts of words, typing
errors). It is a cache: a file of another format or a broken one is thrown away and built anew.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

from platformdirs import user_cache_path

from toolreg.effects import KINDS, Effect, EffectSyntaxError, Kind
from toolreg.errors import HubError
from toolreg.hub.index_sql import FORMAT, SCHEMA, WEIGHTS, all_of, near, parts_of
from toolreg.hub.listing import Listing, Query, bonus, is_meant, where_found


@dataclass(frozen=True, slots=True)
class Pass:
    """What is known of an endpoint: how often it was read, and the newest change seen."""

    number: int = 0
    newest: str = ""
    at: str = ""


def index_path() -> Path:
    """Where the index lies."""
    return user_cache_path("toolreg") / "index.sqlite"


class Index:
    """An open index. Use it as a context manager, or close it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = _opened(path)

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def count(self, endpoint: str) -> int:
        return int(self._one("SELECT count(*) FROM listings WHERE endpoint = ?", endpoint)[0])

    def last_pass(self, endpoint: str) -> Pass:
        row = self._db.execute(
            "SELECT number, newest, at FROM passes WHERE endpoint = ?", (endpoint,)
        ).fetchone()
        return Pass(*row) if row else Pass()

    def heads(self, endpoint: str) -> dict[str, str]:
        """Repository → commit that was indexed."""
        rows = self._db.execute("SELECT repository, head FROM listings WHERE endpoint = ?", (endpoint,))
        return {str(name): str(head) for name, head in rows}

    def put(self, endpoint: str, rows: Iterable[Listing], number: int = 0) -> int:
        """Add or replace listings in one transaction; how many."""
        count = 0
        with self._changing():
            for row in rows:
                self._drop(endpoint, row.repo_id)
                self._insert(endpoint, row, number)
                count += 1
        return count

    def _insert(self, endpoint: str, row: Listing, number: int) -> None:
        small = (
            endpoint,
            sum(b for _, b in bonus(row)),
            _kinds(row),
            row.verdict,
            row.output_type,
        )
        more = (row.signer, number, row.commit, row.repo_id)
        listing = self._db.execute(
            f"INSERT INTO listings VALUES (NULL{', ?' * 9})", (*small, *more)
        ).lastrowid
        inputs = " ".join(f"{name} {spec.get('description', '')}" for name, spec in row.inputs.items())
        texts = (listing, row.name, row.repo_id, row.description, inputs, _body(row))
        self._db.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", texts)
        for effect in sorted({str(e) for e in row.effects or ()}):
            self._db.execute("INSERT OR IGNORE INTO effects (effect) VALUES (?)", (effect,))
            query = "INSERT INTO declared SELECT id, ? FROM effects WHERE effect = ?"
            self._db.execute(query, (listing, effect))

    def seen(self, endpoint: str, repositories: Sequence[str], number: int) -> None:
        """Mark what a pass saw unchanged, so that `finish` keeps it."""
        with self._changing():
            self._db.executemany(
                "UPDATE listings SET pass = ? WHERE endpoint = ? AND repository = ?",
                [(number, endpoint, name) for name in repositories],
            )

    def drop(self, endpoint: str, repositories: Sequence[str]) -> int:
        """Forget repositories; how many."""
        with self._changing():
            for name in repositories:
                self._drop(endpoint, name)
        return len(repositories)

    def finish(self, endpoint: str, done: Pass, *, whole: bool) -> int:
        """End a pass; a whole one drops what it did not see. How many were dropped."""
        with self._changing():
            gone = 0
            if whole:
                query = "DELETE FROM listings WHERE endpoint = ? AND pass < ?"
                gone = self._db.execute(query, (endpoint, done.number)).rowcount
            values = (endpoint, done.number, done.newest, done.at)
            self._db.execute("INSERT OR REPLACE INTO passes VALUES (?, ?, ?, ?)", values)
        return gone

    def search(self, endpoint: str, query: Query) -> list[Listing]:
        """Those that fit, best first: whole words, then beginnings, then parts of words and near misses."""
        words = re.findall(r"\w+", query.text)
        where, values = self._filter(endpoint, query)
        if not words:
            return self._rows(
                f"SELECT id, 0.0 FROM listings WHERE {where} ORDER BY bonus DESC, repository LIMIT ?",
                (*values, query.limit),
                words,
            )
        for table, match in (("words", all_of(words)), ("grams", parts_of(words)), ("grams", near(words))):
            if not match:
                continue
            rank = f"bm25({table}, {WEIGHTS[table]})"
            # The bonus is part of the order, so that a verified tool beats a thousand copies of it.
            statement = (
                f"SELECT listings.id, -{rank} AS found FROM {table} JOIN listings ON listings.id = {table}.rowid "
                f"WHERE {table} MATCH ? AND {where} ORDER BY found + bonus DESC, listings.repository LIMIT ?"
            )
            found = self._rows(statement, (match, *values, query.limit), words)
            if found:
                return found
        return []

    def _rows(self, statement: str, values: Sequence[object], words: Sequence[str]) -> list[Listing]:
        ranks = self._db.execute(statement, values).fetchall()
        bodies = [
            self._db.execute("SELECT body FROM texts WHERE id = ?", (n,)).fetchone()[0] for n, _ in ranks
        ]
        return [_explained(_row(body), rank, words) for body, (_, rank) in zip(bodies, ranks, strict=True)]

    def _filter(self, endpoint: str, query: Query) -> tuple[str, list[object]]:
        """The query's filters as SQL over `listings`; `listing.fits` says the same of one row."""
        terms, values = ["endpoint = ?"], list[object]([endpoint])
        for column, wanted in (("verdict", query.verdict), ("output", query.output_type)):
            if wanted:
                terms.append(f"{column} = ?")
                values.append(wanted)
        if query.signer:
            terms.append("instr(signer, ?)")
            values.append(query.signer)
        hosts = (f"net:{query.host}",) if query.host else ()
        if query.effects or query.without or hosts:
            terms.append("kinds IS NOT NULL")
        for wanted in (*query.effects, *hosts):
            terms.append(
                f"kinds & {_bit(wanted)}" if wanted in KINDS else f"listings.id IN ({self._having(wanted)})"
            )
        for wanted in query.without:
            terms.append(
                f"(kinds & {_bit(wanted)}) = 0"
                if wanted in KINDS
                else f"listings.id NOT IN ({self._having(wanted)})"
            )
        return " AND ".join(terms), values

    def _having(self, wanted: str) -> str:
        """The listings that declare what a filter's word means, as a subquery."""
        kind = wanted.partition(":")[0].strip().lower()
        rows = self._db.execute("SELECT id, effect FROM effects WHERE effect GLOB ?", (f"{kind}:*",))
        known = ", ".join(str(number) for number, effect in rows if is_meant(_effect(effect), wanted))
        return f"SELECT listing FROM declared WHERE effect IN ({known})"

    def _drop(self, endpoint: str, repository: str) -> None:
        self._db.execute("DELETE FROM listings WHERE endpoint = ? AND repository = ?", (endpoint, repository))

    def _one(self, query: str, *values: object) -> tuple[int, ...]:
        row: tuple[int, ...] = self._db.execute(query, values).fetchone()
        return row

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            with self._db:
                yield
        except sqlite3.OperationalError as error:
            raise HubError(f"the index cannot be written: {error}", hint=f"look at {self.path}") from error


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _checked(path)
    except sqlite3.DatabaseError:
        for name in (path.name, path.name + "-wal", path.name + "-shm"):
            path.with_name(name).unlink(missing_ok=True)
    try:
        return _checked(path)
    except sqlite3.DatabaseError as error:
        raise HubError(f"no index can be made: {error}", hint=f"look at {path}") from error


def _checked(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found == 0:
            db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
        elif found != FORMAT:
            raise sqlite3.DatabaseError("another format")
    except BaseException:
        db.close()
        raise
    return db


def _bit(kind: str) -> int:
    return 1 << KINDS.index(cast(Kind, kind))


def _kinds(row: Listing) -> int | None:
    """The kinds a tool declares as bits; None where it declares nothing."""
    return None if row.effects is None else sum({_bit(effect.kind) for effect in row.effects})


@lru_cache(maxsize=50_000)
def _effect(text: str) -> Effect:
    return Effect.parse(text)


def _body(row: Listing) -> str:
    effects = None if row.effects is None else [str(e) for e in row.effects]
    plain = {
        name: getattr(row, name) for name in Listing.__slots__ if name not in ("effects", "score", "why")
    }
    return json.dumps({**plain, "effects": effects}, default=dict)


def _row(body: str) -> Listing:
    value = json.loads(body)
    effects, value["waived"] = value.pop("effects"), tuple(value["waived"])
    try:
        parsed = None if effects is None else tuple(Effect.parse(e) for e in effects)
    except EffectSyntaxError:
        parsed = None
    return Listing(**value, effects=parsed)


def _explained(row: Listing, rank: float, words: Sequence[str]) -> Listing:
    parts = [("text", rank)] if words else []
    parts += bonus(row)
    found = [f"'{word}' in its {place}" for word in words if (place := where_found(row, word))]
    return replace(
        row,
        score=round(sum(p for _, p in parts), 3),
        why=(*found, *(f"{name} {value:+.2f}" for name, value in parts)),
    )
