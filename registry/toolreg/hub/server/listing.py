"""The list of Spaces: filtered, searched, sorted, in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from starlette.responses import Response

from toolreg.hub.server.describe import EXPANDABLE, describe, summary
from toolreg.hub.server.http import Call, Refusal, reply
from toolreg.hub.server.read import paged
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.store import UnknownRepository
from toolreg.hub.server.values import Settings, UnknownRevision

SORTS = ("likes", "lastModified", "createdAt", "trendingScore", "id")
_SHORT = ("_id", "id", "author", "likes", "trendingScore", "private", "sdk", "tags", "createdAt")
_FULL = (*_SHORT, "sha", "lastModified", "cardData", "siblings")


def spaces(call: Call) -> Response:
    """GET /api/spaces"""
    rows = [row for row in _visible(call) if _fits(call, row)]
    sort = call.query.get("sort", "trendingScore")
    if sort not in SORTS:
        raise Refusal(400, f'"sort" must be one of {", ".join(SORTS)}')
    ascending = call.query.get("direction") == "1"
    rows.sort(key=lambda row: row["id"])
    rows.sort(key=lambda row: row[sort], reverse=not ascending)
    expand = call.query.getlist("expand") or call.query.getlist("expand[]")
    unknown = sorted(set(expand) - set(EXPANDABLE))
    if unknown:
        raise Refusal(400, f'"expand" must be one of {", ".join(EXPANDABLE)}, not {unknown[0]!r}')
    keys = ("_id", "id", *expand) if expand else _FULL if call.flag("full") else _SHORT
    return paged(call, [{k: row[k] for k in keys if k in row} for row in rows], default=1000, most=1000)


def semantic_search(call: Call) -> Response:
    """GET /api/spaces/semantic-search: those that hold the most words of the question, best first."""
    words = set(re.findall(r"\w+", call.query.get("q", "").lower()))
    found = []
    for row in _visible(call):
        if not _fits(call, row):
            continue
        text = f"{row['id']} {row['cardData'].get('title', '')} {row['cardData'].get('short_description', '')}".lower()
        score = sum(word in text for word in words) / max(1, len(words))
        if score:
            found.append(
                {**row, "semanticRelevancyScore": score, "title": row["cardData"].get("title", row["id"])}
            )
    return reply(sorted(found, key=lambda r: (-r["semanticRelevancyScore"], r["id"]))[:100])


def tags(_: Call) -> Response:
    """GET /api/spaces-tags-by-type"""
    return reply({})


def _visible(call: Call) -> Iterator[dict[str, Any]]:
    author = call.query.get("author")
    for repo_id in call.store.names():
        namespace = repo_id.partition("/")[0]
        if author and namespace != author:
            continue
        try:
            repository = call.store.open(repo_id)
            settings = repository.settings()
            if not settings.private or call.who.may_read(namespace):
                yield _row(repository, repository.resolve("main"), settings)
        except (UnknownRepository, UnknownRevision, FileNotFoundError):
            continue  # removed meanwhile, or a bare repository without a main branch


@lru_cache(maxsize=50_000)
def _row(repository: Repository, commit: str, settings: Settings) -> dict[str, Any]:
    """A Space at a commit; the settings are in the key, for they change without a commit."""
    del settings
    return {**summary(repository, commit), "siblings": describe(repository, commit)["siblings"]}


def _fits(call: Call, row: dict[str, Any]) -> bool:
    wanted = [tag for value in call.query.getlist("filter") for tag in value.split(",") if tag]
    have = {*row["tags"], row["sdk"]}
    search = call.query.get("search", "").lower()
    sdks = call.query.getlist("sdk")
    return all(t in have for t in wanted) and search in row["id"].lower() and (not sdks or row["sdk"] in sdks)
