"""Find tools on a Hub: its listing, narrowed to what is a tool, read, filtered, ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

from toolreg.errors import HubError, UsageError, VerificationError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.listing import Listing, Query, ranked
from toolreg.hub.metadata import CODE, MANIFEST, SIGNATURE, Metadata, read_metadata
from toolreg.hub.model import Space
from toolreg.hub.publish import MAX_FILE

TAGS = ("smolagents", "tool")
# Of some 29,000 Spaces with those tags nearly all are copies of the course's template.
NOT_TOOLS = frozenset({"agent-course"})
# Python before 3.11.5 may fail where two threads make syntax trees at once (python/cpython#106905): one reads at a time.
_ONE_READER = Lock()
Verify = Callable[[str, Mapping[str, bytes]], str]


def search(
    hub: Hub, query: Query, *, verify: Verify | None = None, author: str | None = None
) -> list[Listing]:
    """The tools of a Hub that fit, best first; every one of them is read, so a large Hub wants an index.

    verify: (repo_id, files) → signer, or a VerificationError; without it nothing is "verified".
    """
    return ranked(read_all(hub, tools_of(hub, author=author), verify=verify), query)


def tools_of(hub: Hub, *, author: str | None = None, newest_first: bool = False) -> Iterator[Space]:
    """The Spaces that are tools: tagged so, with a `tool.py`, and no copy of the agents course."""
    for space in hub.spaces(filter=TAGS, author=author, newest_first=newest_first):
        if is_tool(space):
            yield space


def is_tool(space: Space) -> bool:
    return CODE in space.files and not NOT_TOOLS & set(space.tags)


def read_all(hub: Hub, spaces: Iterable[Space], *, verify: Verify | None = None) -> Iterator[Listing]:
    """What each Space holds, four at a time. One that cannot be read is listed with its problem."""
    with ThreadPoolExecutor(4) as pool:
        yield from pool.map(lambda space: read_one(hub, space, verify=verify), spaces)


def read_one(hub: Hub, space: Space, *, verify: Verify | None = None) -> Listing:
    """One Space: its manifest and code, at the commit that was listed; no commit where the Hub failed."""
    try:
        if verify is not None and MANIFEST in space.files:
            files = fetch(hub, space.repo_id, space.commit or None).files
            with _ONE_READER:
                return _verified(listing_of(space, read_metadata(files)), files, verify)
        wanted = [name for name in (MANIFEST, CODE) if name in space.files]
        revision = space.commit or "main"
        data = {name: hub.download(space.repo_id, name, revision, limit=MAX_FILE) for name in wanted}
    except HubError as error:
        return replace(listing_of(space, Metadata(problem=error.message)), commit="")
    except (VerificationError, UsageError) as error:  # UsageError: the Hub lists a name that is none
        return listing_of(space, Metadata(problem=error.message))
    if SIGNATURE in space.files:
        data[SIGNATURE] = b""
    with _ONE_READER:
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
        waived=found.waived,
    )


def _verified(row: Listing, files: Mapping[str, bytes], verify: Verify) -> Listing:
    try:
        return replace(row, verdict="verified", signer=verify(row.repo_id, files))
    except VerificationError as error:
        return replace(row, verdict="refused", problem=error.message)
