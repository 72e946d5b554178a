"""Find tools on a Hub: its listing, narrowed to what is a tool, read, filtered, ranked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from toolreg.effects import KINDS, Effect
from toolreg.errors import HubError, UsageError, VerificationError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.metadata import CODE, MANIFEST, SIGNATURE, Metadata, read_metadata
from toolreg.hub.model import Space
from toolreg.hub.publish import MAX_FILE

TAGS = ("smolagents", "tool")
NOT_TOOLS = frozenset({"agent-course"})
Verify = Callable[[str, Mapping[str, bytes]], str]


@dataclass(frozen=True, slots=True)
class Listing:
    """A tool on a Hub.

    effects: declared; None where nothing is declared. verdict: "verified" (by this reader, `signer`
    signed it), "claimed" (a manifest says approved, nobody verified it here), "refused" (`problem`
    says why), "" (no manifest). score and why: the rank and its reasons.
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
    score: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted. text: words, all of which must be found. effects: each must be declared.

    without: kinds (`net`) or effects that must not be declared; a tool that declares nothing fits no
    `without`. verified: only those whose signature this reader verified.
    """

    text: str = ""
    effects: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    host: str = ""
    output_type: str = ""
    signer: str = ""
    verified: bool = False
    limit: int = 20

    def __post_init__(self) -> None:
        for wanted in (*self.effects, *self.without):
            if wanted not in KINDS:
                Effect.parse(wanted)
        if self.limit < 1:
            raise UsageError("--limit must be at least 1")


def search(
    hub: Hub, query: Query, *, verify: Verify | None = None, author: str | None = None
) -> list[Listing]:
    """The tools of a Hub that fit, best first. verify: (repo_id, files) → signer, or VerificationError."""
    rows = read_all(
        hub, tools_of(hub, author=author), verify=verify if query.verified or query.signer else None
    )
    return ranked(rows, query)


def tools_of(hub: Hub, *, author: str | None = None, newest_first: bool = False) -> Iterator[Space]:
    """The Spaces that are tools: tagged so, with a `tool.py`, and no copy of the agents course."""
    for space in hub.spaces(filter=TAGS, author=author, newest_first=newest_first):
        if CODE in space.files and not NOT_TOOLS & set(space.tags):
            yield space


def read_all(hub: Hub, spaces: Iterable[Space], *, verify: Verify | None = None) -> Iterator[Listing]:
    """What each Space holds, a few at a time. One that cannot be read is listed with its problem."""
    with ThreadPoolExecutor(4) as pool:
        yield from pool.map(lambda space: read_one(hub, space, verify=verify), spaces)


def read_one(hub: Hub, space: Space, *, verify: Verify | None = None) -> Listing:
    """One Space: its manifest and code, at the commit that was listed."""
    try:
        if verify is not None and MANIFEST in space.files:
            files = fetch(hub, space.repo_id, space.commit or None).files
            return _verified(listing_of(space, read_metadata(files)), files, verify)
        wanted = [name for name in (MANIFEST, CODE) if name in space.files]
        data = {
            name: hub.download(space.repo_id, name, space.commit or "main", limit=MAX_FILE) for name in wanted
        }
    except (HubError, VerificationError) as error:
        return listing_of(space, Metadata(problem=error.message))
    if SIGNATURE in space.files:
        data[SIGNATURE] = b""
    return listing_of(space, read_metadata(data))


def listing_of(space: Space, found: Metadata) -> Listing:
    """A row of the result, from what the Hub lists and what the files say."""
    return Listing(
        repo_id=space.repo_id,
        commit=space.commit,
        name=found.name or space.repo_id.partition("/")[2],
        description=found.description or str(space.card.get("short_description") or ""),
        inputs=found.inputs,
        output_type=found.output_type,
        effects=found.effects,
        verdict="claimed" if found.claims == "APPROVED" and found.signed else "",
        version=found.version,
        likes=space.likes,
        modified=space.modified,
        problem=found.problem,
    )


def _verified(row: Listing, files: Mapping[str, bytes], verify: Verify) -> Listing:
    try:
        return replace(row, verdict="verified", signer=verify(row.repo_id, files))
    except VerificationError as error:
        return replace(row, verdict="refused", problem=error.message)


def ranked(rows: Iterable[Listing], query: Query) -> list[Listing]:
    """Those that fit, best first, each with the reasons of its rank."""
    scored = [
        scored_row for row in rows if fits(row, query) and (scored_row := _score(row, query)) is not None
    ]
    return sorted(scored, key=lambda r: (-r.score, r.repo_id))[: query.limit]


def fits(row: Listing, query: Query) -> bool:
    """True if every filter but the text lets the row pass."""
    if query.verified and row.verdict != "verified":
        return False
    if query.output_type and row.output_type != query.output_type:
        return False
    if query.signer and query.signer not in row.signer:
        return False
    declared = row.effects
    if declared is None:
        return not (query.effects or query.without or query.host)
    if query.host and not any(
        e.kind == "net" and Effect("net", query.host.lower()) in _reached(e) for e in declared
    ):
        return False
    has = [any(_is(e, w) for e in declared) for w in query.effects]
    has_not = [any(_is(e, w) for e in declared) for w in query.without]
    return all(has) and not any(has_not)


def _reached(effect: Effect) -> tuple[Effect, ...]:
    return (Effect("net", effect.target),)


def _is(effect: Effect, wanted: str) -> bool:
    """`net` is any effect of that kind; `net:api.x.org` one that covers that effect or is covered by it."""
    if wanted in KINDS:
        return effect.kind == wanted
    other = Effect.parse(wanted)
    return effect.covers(other) or other.covers(effect)


_WEIGHTS = (("name", 8.0), ("repository", 5.0), ("description", 3.0), ("inputs", 1.0))


def _score(row: Listing, query: Query) -> Listing | None:
    """The row with its score, or None if a word of the text is nowhere in it."""
    texts = {
        "name": row.name.lower(),
        "repository": row.repo_id.lower(),
        "description": row.description.lower(),
        "inputs": " ".join(f"{k} {v.get('description', '')}" for k, v in row.inputs.items()).lower(),
    }
    score, why = 0.0, []
    for word in re.findall(r"\w+", query.text.lower()):
        hits = [(place, weight) for place, weight in _WEIGHTS if word in texts[place]]
        if not hits:
            return None
        place, weight = hits[0]
        score += weight
        why.append(f"'{word}' in its {place} +{weight:g}")
    bonus = {"verified": 2.0, "claimed": 1.0, "refused": -5.0}.get(row.verdict, 0.0)
    if bonus:
        why.append(f"{row.verdict} {bonus:+g}")
    liked = min(2.0, row.likes / 50)
    if liked:
        why.append(f"{row.likes} likes +{liked:g}")
    return replace(row, score=round(score + bonus + liked, 3), why=tuple(why))
