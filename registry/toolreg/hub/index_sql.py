"""The index as SQLite has it: its tables, and a question's words as FTS5 reads them."""

from __future__ import annotations

from collections.abc import Sequence

FORMAT = 6
# What ranking and filters look at is in small rows; the long texts are read for the few that are shown.
SCHEMA = """
CREATE TABLE listings (
  id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, bonus REAL NOT NULL, kinds INTEGER,
  verdict TEXT NOT NULL, output TEXT NOT NULL, signer TEXT NOT NULL, pass INTEGER NOT NULL,
  head TEXT NOT NULL, repository TEXT NOT NULL, UNIQUE (endpoint, repository));
CREATE INDEX by_bonus ON listings (endpoint, bonus DESC, repository);
CREATE TABLE texts (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, repository TEXT NOT NULL, description TEXT NOT NULL,
  inputs TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE effects (id INTEGER PRIMARY KEY, effect TEXT NOT NULL UNIQUE);
CREATE TABLE declared (effect INTEGER NOT NULL, listing INTEGER NOT NULL, PRIMARY KEY (effect, listing)) WITHOUT ROWID;
CREATE INDEX by_listing ON declared (listing);
CREATE TABLE passes (endpoint TEXT PRIMARY KEY, number INTEGER NOT NULL, newest TEXT NOT NULL, at TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (name, repository, description, inputs,
  content='texts', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE grams USING fts5 (name, repository, content='texts', content_rowid='id', tokenize='trigram');
CREATE TRIGGER texts_in AFTER INSERT ON texts BEGIN
  INSERT INTO words (rowid, name, repository, description, inputs)
    VALUES (new.id, new.name, new.repository, new.description, new.inputs);
  INSERT INTO grams (rowid, name, repository) VALUES (new.id, new.name, new.repository); END;
CREATE TRIGGER texts_out AFTER DELETE ON texts BEGIN
  INSERT INTO words (words, rowid, name, repository, description, inputs)
    VALUES ('delete', old.id, old.name, old.repository, old.description, old.inputs);
  INSERT INTO grams (grams, rowid, name, repository) VALUES ('delete', old.id, old.name, old.repository); END;
CREATE TRIGGER listings_out AFTER DELETE ON listings BEGIN
  DELETE FROM texts WHERE id = old.id;
  DELETE FROM declared WHERE listing = old.id; END;
"""
# How much a word weighs in each column of a full-text table.
WEIGHTS = {"words": "8.0, 5.0, 3.0, 1.0", "grams": "8.0, 5.0"}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def all_of(words: Sequence[str]) -> str:
    """Every word, the last one perhaps not typed to its end."""
    return " AND ".join([*map(_quoted, words[:-1]), f"({_quoted(words[-1])} OR {_quoted(words[-1])} *)"])


def parts_of(words: Sequence[str]) -> str:
    """Every word as a part of another; trigrams need three letters."""
    return " AND ".join(_quoted(word) for word in words if len(word) >= 3)


def near(words: Sequence[str]) -> str:
    """Any three letters in a row of any word: what is typed wrongly still has most of them."""
    grams = {word[n : n + 3] for word in words for n in range(len(word) - 2)}
    return " OR ".join(map(_quoted, sorted(grams)))
