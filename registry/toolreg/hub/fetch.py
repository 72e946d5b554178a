"""Read a repository whole, at one commit, trusting nothing it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from toolreg.errors import DigestMismatch, NotAllowed
from toolreg.hub.blobs import blob_id
from toolreg.hub.client import Hub
from toolreg.hub.faults import Unsure
from toolreg.hub.model import Remote
from toolreg.hub.publish import MAX_ALL, MAX_FILE, MAX_FILES, case_clash, path_problem

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Every file of a repository at one commit (40 hex digits), and what was seen of it there."""

    repo_id: str
    commit: str
    files: Mapping[str, bytes]
    remote: Remote


def fetch(hub: Hub, repo_id: str, revision: str | None = None) -> Fetched:
    """All files of a repository at a commit, a tag, or the head of `main`.

    Raises NotAllowed for too many or too large files, for names that climb, collide or hide, and for
    what is no plain file; DigestMismatch for bytes that are not those the commit names; HubError.
    """
    remote = hub.read(repo_id, revision or None)
    _check(remote, revision)
    paths = sorted(remote.files)
    with ThreadPoolExecutor(4) as pool:
        data = list(pool.map(lambda path: _file(hub, remote, path), paths))
    return Fetched(remote.repo_id, remote.commit, dict(zip(paths, data, strict=True)), remote)


def _check(remote: Remote, revision: str | None) -> None:
    if not _COMMIT.fullmatch(remote.commit):
        raise Unsure(f"{remote.repo_id}: '{remote.commit[:60]}' is no commit")
    if revision and _COMMIT.fullmatch(revision) and remote.commit != revision:
        raise DigestMismatch(f"{remote.repo_id}: asked for {revision[:12]}, was given {remote.commit[:12]}")
    if len(remote.files) > MAX_FILES or sum(size for _, size in remote.files.values()) > MAX_ALL:
        raise NotAllowed(
            f"{remote.repo_id} holds more than a tool does",
            hint=f"at most {MAX_FILES} files, {MAX_ALL} bytes",
        )
    for path, (oid, size) in remote.files.items():
        problem = path_problem(path) or ("no plain file" if oid is None else "")
        problem = problem or ("too large" if size > MAX_FILE else "")
        if problem:
            raise NotAllowed(f"{remote.repo_id}: '{path!s}' is refused: {problem}")
    clash = case_clash(remote.files)
    if clash:
        raise NotAllowed(f"{remote.repo_id}: '{clash[0]}' and '{clash[1]}' are one file on some machines")


def _file(hub: Hub, remote: Remote, path: str) -> bytes:
    kept = hub.cache.get(str(remote.blobs[path])) if hub.cache is not None else None
    if kept is not None:
        return kept
    data = hub.download(remote.repo_id, path, remote.commit, limit=MAX_FILE)
    if blob_id(data) != remote.blobs[path]:
        raise DigestMismatch(
            f"{remote.repo_id}: '{path}' is not what commit {remote.commit[:12]} names",
            hint="the Hub or the way to it changed the bytes; do not use them",
        )
    if hub.cache is not None:
        hub.cache.put(data)
    return data
