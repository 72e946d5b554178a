"""A repository as the Hub describes it in JSON: card, tags, siblings, times."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import yaml

from toolreg.hub.server.http import Refusal
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.values import Entry

EXPANDABLE = (
    "author", "cardData", "createdAt", "datasets", "disabled", "lastModified", "likes", "models", "private",
    "region", "resourceGroup", "runtime", "sdk", "sha", "siblings", "subdomain", "tags", "trendingScore",
    "usedStorage",
)  # fmt: skip


def describe(
    repository: Repository, commit: str, *, expand: Sequence[str] = (), blobs: bool = False
) -> dict[str, Any]:
    """The info of a Space at a commit; with `expand`, only its id and those properties."""
    unknown = sorted(set(expand) - set(EXPANDABLE))
    if unknown:
        raise Refusal(400, f'"expand" must be one of {", ".join(EXPANDABLE)}, not {unknown[0]!r}')
    whole = summary(repository, commit)
    whole["siblings"] = [_sibling(e, blobs) for e in repository.entries(commit)]
    if not expand:
        return whole
    return {"_id": whole["_id"], "id": whole["id"], **{name: whole[name] for name in expand if name in whole}}


def summary(repository: Repository, commit: str) -> dict[str, Any]:
    """Everything about a Space but the list of its files."""
    settings, card = repository.settings(), card_at(repository, commit)
    sdk = str(card.get("sdk") or settings.sdk)
    modified = repository.last(commit).date
    return {
        "_id": repository.repo_id.encode().hex()[:24].ljust(24, "0"),
        "id": repository.repo_id,
        "author": repository.repo_id.partition("/")[0],
        "sha": commit,
        "lastModified": iso(modified),
        "createdAt": iso(settings.created or modified),
        "private": settings.private,
        "disabled": False,
        "gated": False,
        "likes": settings.likes,
        "trendingScore": 0,
        "sdk": sdk,
        "tags": tags_of(card, sdk),
        "models": [],
        "datasets": [],
        "cardData": card,
        "subdomain": repository.repo_id.replace("/", "-").replace(".", "-").lower(),
        "runtime": {
            "stage": "RUNNING",
            "hardware": None,
            "storage": None,
            "replicas": {"requested": 1, "current": 1},
        },
    }


class _Loader(yaml.SafeLoader):
    """YAML without aliases: a dozen of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def card_at(repository: Repository, commit: str) -> dict[str, Any]:
    """The README's front matter, {} where there is none or it does not read."""
    return dict(_card(repository, commit))


def front_matter(text: str) -> dict[str, Any]:
    """The YAML between the `---` lines at the top, as JSON values. Raises ValueError."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise ValueError("the front matter does not end with ---")
    try:
        value = yaml.load("\n".join(lines[1:end]), _Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"the front matter is not YAML: {' '.join(str(error).split())}") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("the front matter is no mapping")
    jsonable: dict[str, Any] = json.loads(json.dumps({str(k): v for k, v in value.items()}, default=_plain))
    return jsonable


def tags_of(card: dict[str, Any], sdk: str) -> list[str]:
    """The tags of a Space: its SDK, its card's tags, its region, as on the Hub."""
    given = card.get("tags")
    tags = [str(t) for t in given] if isinstance(given, list) else []
    license_ = card.get("license")
    tags += [f"license:{license_}"] if isinstance(license_, str) else []
    return list(dict.fromkeys([sdk, *tags]))


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=8192)
def _card(repository: Repository, commit: str) -> tuple[tuple[str, Any], ...]:
    data = repository.file(commit, "README.md") or b""
    try:
        return tuple(front_matter(data.decode("utf-8", "replace")).items())
    except ValueError:
        return ()


def _sibling(entry: Entry, blobs: bool) -> dict[str, Any]:
    """A file; one that is no plain file (a symlink, a submodule) has no blob id, so nobody takes it for one."""
    if not blobs:
        return {"rfilename": entry.path}
    if not entry.plain:
        return {"rfilename": entry.path, "size": None, "blobId": None}
    return {"rfilename": entry.path, "size": entry.size, "blobId": entry.oid}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
