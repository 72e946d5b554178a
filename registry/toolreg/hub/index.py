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
from pathlib import Path

from platformdirs import user_cache_path

from toolreg.effects import Effect, EffectSyntaxError
from toolreg.errors import HubError
from toolreg.hub.listing import Listing, Query, bonus, fits, where_found

FORMAT = 3
_SCHEMA = """
CREATE TABLE listings (
  id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, repository TEXT NOT NULL, head TEXT NOT NULL,
  name TEXT NOT NULL, description TEXT NOT NULL, inputs TEXT NOT NULL, output TEXT NOT NULL,
  verdict TEXT NOT NULL, bonus REAL NOT NULL, modified TEXT NOT NULL, pass INTEGER NOT NULL, body TEXT NOT NULL,
  UNIQUE (endpoint, repository));
CREATE INDEX by_bonus ON listings (endpoint, bonus DESC, repository);
CREATE TABLE passes (endpoint TEXT PRIMARY KEY, number INTEGER NOT NULL, newest TEXT NOT NULL, at TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (name, repository, description, inputs,
  content='listings', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE grams USING fts5 (name, repository, description,
  content='listings', content_rowid='id', tokenize='trigram', detail='full');
CREATE TRIGGER listings_in AFTER INSERT ON listings BEGIN
  INSERT INTO words (rowid, name, repository, description, inputs)
    VALUES (new.id, new.name, new.repository, new.description, new.inputs);
  INSERT INTO grams (rowid, name, repository, description)
    VALUES (new.id, new.name, new.repository, new.description); END;
CREATE TRIGGER listings_out AFTER DELETE ON listings BEGIN
  INSERT INTO words (words, rowid, name, repository, description, inputs)
    VALUES ('delete', old.id, old.name, old.repository, old.description, old.inputs);
  INSERT INTO grams (grams, rowid, name, repository, description)
    VALUES ('delete', old.id, old.name, old.repository, old.description); END;
"""
_TABLES = {"words": "8.0, 5.0, 3.0, 1.0", "grams": "8.0, 5.0, 3.0"}
# So many of the best matches are looked at; more of them than this no filter is worth.
_DEPTH = 2000


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
                self._db.execute(
                    f"INSERT INTO listings VALUES (NULL{', ?' * 12})", _columns(endpoint, row, number)
                )
                count += 1
        return count

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
        if not words:
            return self._take(self._unranked(endpoint), query, words)
        found = self._take(self._matching("words", _all_of(words), endpoint), query, words)
        for table, match in (("grams", _parts(words)), ("grams", _near(words))):
            if found or not match:
                break
            found = self._take(self._matching(table, match, endpoint), query, words)
        return found

    def _take(self, rows: Iterator[tuple[str, float]], query: Query, words: Sequence[str]) -> list[Listing]:
        found: list[Listing] = []
        for body, rank in rows:
            row = _row(body)
            if fits(row, query):
                found.append(_explained(row, rank, words))
                if len(found) == query.limit:
                    break
        return found

    def _matching(self, table: str, match: str, endpoint: str) -> Iterator[tuple[str, float]]:
        # The bonus is part of the order, so that a verified tool beats a copy of it with the same words.
        query = (
            f"SELECT body, -bm25({table}, {_TABLES[table]}) FROM {table} JOIN listings ON listings.id = {table}.rowid "
            f"WHERE {table} MATCH ? AND endpoint = ? ORDER BY bm25({table}, {_TABLES[table]}) - bonus LIMIT {_DEPTH}"
        )
        yield from self._db.execute(query, (match, endpoint))

    def _unranked(self, endpoint: str) -> Iterator[tuple[str, float]]:
        query = "SELECT body, 0.0 FROM listings WHERE endpoint = ? ORDER BY bonus DESC, repository"
        yield from self._db.execute(query, (endpoint,))

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
            db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
        elif found != FORMAT:
            raise sqlite3.DatabaseError("another format")
    except BaseException:
        db.close()
        raise
    return db


def _columns(endpoint: str, row: Listing, number: int) -> tuple[object, ...]:
    inputs = " ".join(f"{name} {spec.get('description', '')}" for name, spec in row.inputs.items())
    texts = (row.name, row.description, inputs, row.output_type, row.verdict)
    return (
        endpoint,
        row.repo_id,
        row.commit,
        *texts,
        sum(b for _, b in bonus(row)),
        row.modified,
        number,
        _body(row),
    )


def _body(row: Listing) -> str:
    effects = None if row.effects is None else [str(e) for e in row.effects]
    plain = {
        name: getattr(row, name) for name in Listing.__slots__ if name not in ("effects", "score", "why")
    }
    return json.dumps({**plain, "effects": effects}, default=dict)


def _row(body: str) -> Listing:
    value = json.loads(body)
    effects = value.pop("effects")
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


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _all_of(words: Sequence[str]) -> str:
    """Every word, the last one perhaps not typed to its end."""
    return " AND ".join([*map(_quoted, words[:-1]), f"({_quoted(words[-1])} OR {_quoted(words[-1])} *)"])


def _parts(words: Sequence[str]) -> str:
    """Every word as a part of another; trigrams need three letters."""
    return " AND ".join(_quoted(word) for word in words if len(word) >= 3)


def _near(words: Sequence[str]) -> str:
    """Any three letters in a row of any word: what is typed wrongly still has most of them."""
    grams = {word[n : n + 3] for word in words for n in range(len(word) - 2)}
    return " OR ".join(map(_quoted, sorted(grams)))
