"""The last commits of a repository, newest first: one request, whatever the Hub would still send."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from toolreg.hub.client import Hub

LARGEST_PAGE = 2_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, 40 hex digits, and when it was made, as the Hub writes it."""

    id: str
    date: str


def commits(hub: Hub, repo_id: str, revision: str = "main", *, most: int = 10) -> tuple[Commit, ...]:
    """At most `most` commits up to a revision, newest first. Raises HubError."""
    place = f"{hub.endpoint}/api/spaces/{repo_id}/commits/{quote(revision, safe='')}"
    url = f"{place}?{urlencode({'limit': most})}"

    def send() -> tuple[Commit, ...]:
        rows = json.loads(hub._get(url, LARGEST_PAGE))
        return tuple(_commit(str(row["id"]), str(row.get("date", ""))) for row in rows[:most])

    # Not HfApi.list_repo_commits: it reads every page there is.
    return hub._ask(f"read the history of {repo_id}", send)


def _commit(name: str, date: str) -> Commit:
    if not _COMMIT.fullmatch(name):
        raise ValueError(f"'{name:.60}' is no commit")
    return Commit(name, date[:40])
