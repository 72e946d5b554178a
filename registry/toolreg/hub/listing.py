"""A tool as it is found: the row, the question, which rows fit it and why one stands before another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toolreg.effects import KINDS, Effect, EffectSyntaxError
from toolreg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Listing:
    """A tool on a Hub.

    effects: declared; None where nothing is declared. verdict: "verified" (by this reader, `signer`
    signed it), "claimed" (a manifest says approved, nobody verified it here), "refused" (`problem`
    says why), "" (no manifest). waived: what its author waived, each with what, line, reason, author
    and until. score and why: the rank and its reasons.
    """

    repo_id: str
    commit: str
    name: str
    description: str
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    output_type: str = ""
    effects: tuple[Effect, ...] | None = None
    verdict: str = ""
    signer: str = ""
    version: str = ""
    likes: int = 0
    modified: str = ""
    problem: str = ""
    waived: tuple[Mapping[str, Any], ...] = ()
    score: float = 0.0
    why: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The row as `toolreg search --format json` writes it."""
        effects = None if self.effects is None else [str(e) for e in self.effects]
        plain = {name: getattr(self, name) for name in Listing.__slots__}
        return {**plain, "effects": effects, "waived": list(self.waived), "why": list(self.why)}


def _parsed(wanted: str) -> Effect:
    try:
        return Effect.parse(wanted)
    except EffectSyntaxError as error:
        raise UsageError(error.message, hint=error.hint) from error


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted. text: words, all of which must be found. effects: each must be declared.

    without: kinds (`net`) or effects that must not be declared; a tool that declares nothing fits no
    `without`. host: one it declares to reach. verdict: verified, claimed or refused; signer: a part
    of its name. Raises UsageError.
    """

    text: str = ""
    effects: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    host: str = ""
    output_type: str = ""
    signer: str = ""
    verdict: str = ""
    limit: int = 20

    def __post_init__(self) -> None:
        for wanted in (*self.effects, *self.without):
            if wanted not in KINDS:
                _parsed(wanted)
        if self.host:
            _parsed(f"net: {self.host}")
        if self.verdict not in ("", "verified", "claimed", "refused"):
            raise UsageError(f"unknown verdict '{self.verdict}'", hint="verdicts: verified, claimed, refused")
        if self.limit < 1:
            raise UsageError("--limit must be at least 1")


def fits(row: Listing, query: Query) -> bool:
    """True if every filter but the text lets the row pass."""
    if query.verdict and row.verdict != query.verdict:
        return False
    if query.output_type and row.output_type != query.output_type:
        return False
    if query.signer and query.signer not in row.signer:
        return False
    wanted = (*query.effects, *([f"net:{query.host}"] if query.host else []))
    if row.effects is None:
        return not (wanted or query.without)
    return all(_has(row.effects, w) for w in wanted) and not any(_has(row.effects, w) for w in query.without)


def ranked(rows: Iterable[Listing], query: Query) -> list[Listing]:
    """Those that fit, best first, each with the reasons of its rank."""
    scored = (_scored(row, re.findall(r"\w+", query.text)) for row in rows if fits(row, query))
    return sorted((row for row in scored if row), key=lambda r: (-r.score, r.repo_id))[: query.limit]


def bonus(row: Listing) -> list[tuple[str, float]]:
    """What a row is worth whatever the words are: who vouches for it, who likes it."""
    parts = [(row.verdict, {"verified": 2.0, "claimed": 1.0, "refused": -5.0}.get(row.verdict, 0.0))]
    parts.append((f"{row.likes} likes", round(min(2.0, row.likes / 50), 3)))
    parts.append((f"a problem: {row.problem}", -1.0 if row.problem and row.verdict != "refused" else 0.0))
    return [(name, value) for name, value in parts if value]


PLACES = (("name", 8.0), ("repository", 5.0), ("description", 3.0), ("inputs", 1.0))


def where_found(row: Listing, word: str) -> str:
    """The weightiest place of a row that holds the word, or ""."""
    inputs = " ".join(f"{name} {spec.get('description', '')}" for name, spec in row.inputs.items())
    texts = {"name": row.name, "repository": row.repo_id, "description": row.description, "inputs": inputs}
    return next((place for place, _ in PLACES if word.lower() in texts[place].lower()), "")


def _scored(row: Listing, words: list[str]) -> Listing | None:
    """The row with its score, or None if a word is nowhere in it."""
    weights, parts = dict(PLACES), []
    for word in words:
        place = where_found(row, word)
        if not place:
            return None
        parts.append((f"'{word}' in its {place}", weights[place]))
    parts += bonus(row)
    why = tuple(f"{name} {value:+g}" for name, value in parts)
    return replace(row, score=round(sum(value for _, value in parts), 3), why=why)


def is_meant(effect: Effect, wanted: str) -> bool:
    """`net` means any effect of that kind; `net:api.x.org` one that covers it or that it covers."""
    if wanted in KINDS:
        return effect.kind == wanted
    other = Effect.parse(wanted)
    return effect.covers(other) or other.covers(effect)


def _has(effects: Iterable[Effect], wanted: str) -> bool:
    return any(is_meant(effect, wanted) for effect in effects)
