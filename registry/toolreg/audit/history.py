"""The versions of a published tool and what each changed: contract, effects, signer, code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolreg.audit.items import Row
from toolreg.audit.rows import LONGEST, MOST, cut
from toolreg.errors import HubError, VerificationError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.history import Commit, commits
from toolreg.hub.metadata import MANIFEST
from toolreg.hub.publish import MAX_ALL
from toolreg.load.manage import difference
from toolreg.manifest import Anyone, Verified, examine
from toolreg.manifest.changes import Change, text_diff
from toolreg.manifest.names import OWN

LAST = 10
# Made from the rest: their differences would stand before the code's, and say nothing new.
MADE = OWN | {"README.md", "index.html"}


@dataclass(frozen=True, slots=True)
class Past:
    """The last commits of a repository as they were fetched, newest first. problem: why the Hub told none."""

    commits: tuple[tuple[Commit, Mapping[str, bytes] | HubError | VerificationError], ...] = ()
    problem: str = ""


def past(hub: Hub, repo_id: str, commit: str, files: Mapping[str, bytes], *, last: int = LAST) -> Past:
    """Fetch the commits up to `commit`, whose files are at hand. Fetches only; `versions` looks into them.

    At most `last` commits, and no more of them than hold MAX_ALL bytes together; fewer than 2 asks nothing.
    """
    if last < 2 or not commit:
        return Past()
    try:
        listed = commits(hub, repo_id, commit, most=last)
    except HubError as error:
        return Past(problem=error.message)
    read: list[tuple[Commit, Mapping[str, bytes] | HubError | VerificationError]] = []
    room = MAX_ALL
    for each in listed:
        try:
            held = files if each.id == commit else fetch(hub, repo_id, each.id).files
        except (HubError, VerificationError) as error:
            read.append((each, error))
            continue
        room -= sum(map(len, held.values()))
        if room < 0:
            break
        read.append((each, held))
    return Past(tuple(read))


def versions(repo_id: str, found: Past) -> Row:
    """`{"versions": [...]}`, newest first: those commits that carry a manifest; {} where there is only one.

    A version that does not verify has its `problem`; each other has `changes` and `code`, compared with the
    next older one that verifies. Where the Hub does not tell its history: `{"history": why}`.
    """
    if found.problem:
        return {"history": found.problem}
    read = [made for each, held in found.commits if (made := _version(repo_id, each, held))]
    if len(read) < 2:
        return {}
    older: Verified | None = None
    for row, verified in reversed(read):
        if verified is not None:
            row |= _compared(older, verified)
            older = verified
    return {"versions": [row for row, _ in read]}


def _version(
    repo_id: str, commit: Commit, held: Mapping[str, bytes] | HubError | VerificationError
) -> tuple[Row, Verified | None] | None:
    """One commit; None where it carries no manifest."""
    row: Row = {"commit": commit.id, "date": commit.date}
    if isinstance(held, (HubError, VerificationError)):
        return {**row, "problem": held.message}, None
    if MANIFEST not in held:
        return None
    try:
        verified = examine(held, Anyone(), repository=repo_id)
    except VerificationError as error:
        return {**row, "problem": error.message}, None
    version = verified.manifest.predicate.tool.version
    return {**row, "version": version, "signer": verified.signer.fingerprint}, verified


def _compared(older: Verified | None, newer: Verified) -> Row:
    if older is None:
        return {}
    found, _ = difference(older, newer)
    code = text_diff(older.files, newer.files, {*older.files, *newer.files} - MADE)
    return {"changes": [_change(each) for each in found[:MOST]], "code": cut(code, LONGEST)}


def _change(change: Change) -> Row:
    return {
        "what": change.what,
        "text": cut(change.text, 500),
        "added": change.added,
        "step": change.bump.name.lower(),
    }
