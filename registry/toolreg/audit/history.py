"""The versions of a published tool and what each changed: contract, effects, signer, code."""

from __future__ import annotations

from collections.abc import Mapping

from toolreg.audit.items import Row
from toolreg.audit.rows import LONGEST, MOST, cut
from toolreg.errors import HubError, VerificationError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.history import Commit, commits
from toolreg.hub.metadata import MANIFEST
from toolreg.load.manage import difference
from toolreg.manifest import Anyone, Verified, examine
from toolreg.manifest.changes import Change

LAST = 10


def versions(hub: Hub, repo_id: str, commit: str, files: Mapping[str, bytes], *, last: int = LAST) -> Row:
    """`{"versions": [...]}`, newest first: those of the last commits that carry a manifest; {} where there is one.

    files: what was fetched at `commit`. A version that does not verify has its `problem`; each other has
    `changes` and `code`, compared with the next older one that verifies. Where the Hub does not tell its
    history, `{"history": why}`: the tool itself was read all the same.
    """
    if last < 2 or not commit:
        return {}
    try:
        listed = commits(hub, repo_id, commit, most=last)
    except HubError as error:
        return {"history": error.message}
    read = [found for each in listed if (found := _version(hub, repo_id, each, commit, files))]
    if len(read) < 2:
        return {}
    held: Verified | None = None
    for row, verified in reversed(read):
        if verified is not None:
            row |= _compared(held, verified)
            held = verified
    return {"versions": [row for row, _ in read]}


def _version(
    hub: Hub, repo_id: str, commit: Commit, head: str, files: Mapping[str, bytes]
) -> tuple[Row, Verified | None] | None:
    """One commit; None where it carries no manifest."""
    row: Row = {"commit": commit.id, "date": commit.date}
    try:
        held = files if commit.id == head else fetch(hub, repo_id, commit.id).files
        if MANIFEST not in held:
            return None
        verified = examine(held, Anyone(), repository=repo_id)
    except (HubError, VerificationError) as error:
        return {**row, "problem": error.message}, None
    version = verified.manifest.predicate.tool.version
    return {**row, "version": version, "signer": verified.signer.fingerprint}, verified


def _compared(older: Verified | None, newer: Verified) -> Row:
    if older is None:
        return {}
    found, code = difference(older, newer)
    return {"changes": [_change(each) for each in found[:MOST]], "code": cut(code, LONGEST)}


def _change(change: Change) -> Row:
    return {
        "what": change.what,
        "text": cut(change.text, 500),
        "added": change.added,
        "step": change.bump.name.lower(),
    }
