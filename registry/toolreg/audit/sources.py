"""Where an audit reads from: a folder, a lock file, or a Hub; the Hub is read politely and trusted in nothing."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from toolreg.audit.history import LAST, Past, past, versions
from toolreg.audit.items import Found, Item, Row, Unchanged, Unread, from_folder
from toolreg.errors import HubError, NotFound, SourceError, ToolregError, UsageError, VerificationError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.metadata import CODE, MANIFEST
from toolreg.hub.model import Space
from toolreg.hub.publish import MAX_FILE
from toolreg.hub.search import TAGS, is_tool
from toolreg.load.fetch import Fetch, fetch_locked
from toolreg.load.lock import read_lock
from toolreg.load.reader import collection_slug
from toolreg.load.store import Store
from toolreg.manifest import Anyone, Verified, examine

AT_ONCE = 4  # downloads
IN_A_ROW = 5  # failures after which the Hub is taken to be away
LARGEST_LISTING = 500_000
_NAMES = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")

# Asks whether a repository was judged at this very commit: then it need not be fetched again.
Seen = Callable[[Row], bool]
Source = Callable[[Seen], Iterable[Found]]


def local_source(target: str, *, fixtures: bool = False) -> Source:
    """The files of a folder or of one file. Raises NotFound."""
    if not os.path.exists(target):
        raise NotFound(
            "there is no such file or folder",
            path=target,
            hint="name a folder, a file, a lock file, or a namespace",
        )
    return lambda _: from_folder(target, fixtures=fixtures)


def lock_source(path: Path, store: Store, fetch_from: Callable[[str], Fetch]) -> Source:
    """The tools of a lock file: exactly the locked bytes. fetch_from: a Hub's name → how to read it."""
    lock = read_lock(path)

    def read(_: Seen) -> Iterator[Found]:
        for repository, entry in sorted(lock.entries.items()):
            origin: Row = {"hub": entry.hub, "repository": repository, "commit": entry.commit}
            label = f"{repository}/{CODE}"
            try:
                verified = fetch_locked(entry, store, fetch_from(entry.hub), None)
            except ToolregError as error:
                yield Unread(label, error, origin)
                continue
            yield Item(label, verified.files[CODE], {}, origin | _signed(verified))

    return read


def hub_source(hub: Hub, target: str, *, history: int = LAST) -> Source:
    """Tools of a Hub. target: `NS`, `NS/NAME`, `collections/OWNER/TITLE-ID`, `tag:TAG` or `*`. Raises UsageError.

    history: how many commits of a published tool are looked at for its versions; 0 asks for none.

    A listing that never ends, a Hub that fails five times in a row: a HubError, and what was judged is kept.
    """
    slug = collection_slug(target)
    if slug:
        return lambda seen: _read(hub, _collected(hub, slug), seen, history)
    if target != "*" and not target.startswith("tag:") and not _NAMES.fullmatch(target):
        raise UsageError(
            f"'{target}' is nothing on a Hub",
            hint="write NAMESPACE, NAMESPACE/NAME, collections/OWNER/TITLE-ID, tag:NAME or *; or name a path that exists",
        )
    return lambda seen: _read(hub, _listed(hub, target), seen, history)


def _listed(hub: Hub, target: str) -> Iterator[Space]:
    namespace, _, name = target.partition("/")
    tags = (*TAGS, target.removeprefix("tag:")) if target.startswith("tag:") else TAGS
    author = None if target == "*" or target.startswith("tag:") else namespace
    known: set[str] = set()
    for count, space in enumerate(hub.spaces(filter=tags, author=author)):
        if space.repo_id in known or count >= LARGEST_LISTING:
            raise HubError(
                f"the listing of {hub.endpoint} does not end", hint="narrow it, e.g. to one namespace"
            )
        known.add(space.repo_id)
        if is_tool(space) and (not name or space.repo_id == target):
            yield space


def _collected(hub: Hub, slug: str) -> Iterator[Space]:
    for repo_id in hub.collection(slug):
        remote = hub.read(repo_id)
        yield Space(remote.repo_id, remote.commit, tuple(remote.files), (), 0, "", {})


def _read(hub: Hub, spaces: Iterable[Space], seen: Seen, history: int) -> Iterator[Found]:
    """A repository that fails is a row; a Hub that fails is an error."""
    failures = 0
    for found in _ahead(hub, spaces, seen, history):
        failures = failures + 1 if isinstance(found, Unread) and _is_away(found.error) else 0
        if isinstance(found, Unread) and failures >= IN_A_ROW:
            hint = "run the same command again later: it goes on where it stopped"
            raise HubError(f"the Hub failed {failures} times in a row: {found.error.message}", hint=hint)
        yield found


def _ahead(hub: Hub, spaces: Iterable[Space], seen: Seen, history: int) -> Iterator[Found]:
    """In the listing's order, with a few downloads ahead of who reads."""
    waiting: deque[Future[Found | _Fetched]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for space in spaces:
                waiting.append(pool.submit(_one, hub, space, seen, history))
                if len(waiting) > AT_ONCE * 2:
                    yield _known(waiting.popleft().result())
            while waiting:
                yield _known(waiting.popleft().result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A publication as it came from the Hub: nothing of it was verified yet."""

    item: Item
    repository: str
    files: Mapping[str, bytes]
    past: Past


def _known(found: Found | _Fetched) -> Found:
    """With what its manifests claim. In the thread that reads the audit, not in those that fetch.

    Python before 3.11.5 may fail where two threads make syntax trees at once (python/cpython#106905).
    """
    if not isinstance(found, _Fetched):
        return found
    claims = _claims(found.repository, found.files) | versions(found.repository, found.past)
    return replace(found.item, origin=found.item.origin | claims)


def _is_away(error: ToolregError) -> bool:
    return isinstance(error, HubError) and not isinstance(error, NotFound)


def _one(hub: Hub, space: Space, seen: Seen, history: int) -> Found | _Fetched:
    label = f"{space.repo_id}/{CODE}"
    origin: Row = {
        "hub": hub.endpoint,
        "repository": space.repo_id,
        "commit": space.commit,
        "likes": space.likes,
    }
    if space.commit and seen(origin):
        return Unchanged(label, origin)
    try:
        if MANIFEST in space.files:
            fetched = fetch(hub, space.repo_id, space.commit or None)
            code = _code(fetched.files)
            before = past(hub, space.repo_id, fetched.commit, fetched.files, last=history)
            return _Fetched(Item(label, code, {}, origin), space.repo_id, fetched.files, before)
        data = hub.download(space.repo_id, CODE, space.commit or "main", limit=MAX_FILE)
    except (HubError, VerificationError, SourceError) as error:
        return Unread(label, error, origin)
    if len(data) > MAX_FILE:
        large = SourceError(f"larger than {MAX_FILE // 1_000_000} MB", path=label, hint="no tool needs that")
        return Unread(label, large, origin)
    return Item(label, data, {}, origin)


def _code(files: Mapping[str, bytes]) -> bytes:
    if CODE not in files:
        raise SourceError(f"has no {CODE}, though its listing says so", hint="tell the Hub's operator")
    return files[CODE]


def _claims(repo_id: str, files: Mapping[str, bytes]) -> Row:
    """Who signed what it says of itself; whether to trust that signer is not the audit's to decide."""
    try:
        return _signed(examine(files, Anyone(), repository=repo_id))
    except VerificationError as error:
        return {"problem": error.message}


def _signed(verified: Verified) -> Row:
    predicate = verified.manifest.predicate
    return {
        "version": predicate.tool.version,
        "signer": verified.signer.fingerprint,
        "published_as": predicate.checks.verdict,
    }
