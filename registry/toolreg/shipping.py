"""Publish checked tools: a version that says how much changed, one commit each, nothing where nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Literal

from toolreg import __version__
from toolreg.errors import NotFound, ToolregError
from toolreg.hub.client import Hub
from toolreg.hub.fetch import Fetched, fetch
from toolreg.hub.many import Job, Outcome, Progress, publish_many
from toolreg.hub.model import Absent
from toolreg.hub.publish import plan, repo_name, require_version
from toolreg.hub.publish import publish as commit
from toolreg.hub.targets import namespace_of, opened
from toolreg.manifest import SIGNATURE, Key, Keyless, Verified, open_or_create
from toolreg.manifest.changes import Bump, check_version, needed_bump, next_version, text_diff
from toolreg.pipeline import Checked, Judged
from toolreg.provenance import source_of
from toolreg.release import FIRST_VERSION, parsed, published_before, release, signed, unchanged

# Python before 3.11.5 may fail where two threads make syntax trees at once (python/cpython#106905): one reads at a time.
_ONE_READER = Lock()
Status = Literal["published", "unchanged", "planned", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of one tool in a publish. detail: what to know where it was not published.

    requests, diff: of a dry run, what would be sent to the Hub, and how the files there would change.
    """

    tool: str
    repository: str
    status: Status
    version: str = ""
    commit: str = ""
    url: str = ""
    detail: str = ""
    error: ToolregError | None = None
    requests: tuple[str, ...] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True)
class How:
    """How to publish. sdk: of a new Space; create_pr: as a pull request, which leaves `main` and tags alone.

    lifetime: after it, readers refuse the tool until it is published again.
    """

    dry_run: bool = False
    version: str | None = None
    sdk: str = "static"
    create_pr: bool = False
    lifetime: timedelta | None = None


def ship(
    checked: Checked,
    *,
    to: str,
    namespace: str | None = None,
    dry_run: bool = False,
    version: str | None = None,
    root: Path | None = None,
    token: str | None = None,
    by: Key | Keyless | None = None,
    sdk: str = "static",
    create_pr: bool = False,
    lifetime: timedelta | None = None,
    report: Path | None = None,
    progress: Progress | None = None,
) -> list[Shipped]:
    """Publish what was approved among checked tools, a few at a time; what was not is named as refused.

    token: for a Hub given by its URL. by: who signs; the user's own key, made now if there is none, where
    nobody is named. report: a file that
    gets a line as each ends; a run with the same file skips the very tools that it published to the same place.
    progress: (done, all, repository). One failure does not stop the rest.
    """
    require_version(version)
    approved = [judged for judged in checked.judged if judged.approved]
    if not approved:
        return [_refused(j) for j in checked.judged]
    key, how = by or open_or_create()[0], How(dry_run, version, sdk, create_pr, lifetime)
    with opened(to, root=root, token=token) as hub:
        space = namespace_of(to, hub, namespace)
        jobs = [_job(j, hub, to, f"{space}/{repo_name(j.tool.name)}", key, how) for j in approved]
        outcomes = publish_many(jobs, report=None if dry_run else report, progress=progress)
    shipped = {id(j): _shipped(j, outcome) for j, outcome in zip(approved, outcomes, strict=True)}
    return [shipped.get(id(j)) or _refused(j) for j in checked.judged]


def _refused(judged: Judged) -> Shipped:
    return Shipped(judged.tool.name, "", "refused", detail=str(judged.verdict.status))


def _job(judged: Judged, hub: Hub, to: str, repository: str, key: Key | Keyless, how: How) -> Job[Shipped]:
    """What publishing one tool comes to. The digest says: these bytes, there, by this signer, in this way."""
    bundle = judged.report.bundle
    files = sorted(bundle.files.items()) if bundle else []
    signer = key.signer if isinstance(key, Key) else "keyless"
    parts = [
        __version__,
        to,
        repository,
        str(signer),
        repr(how),
        *(f"{p} {sha256(d).hexdigest()}" for p, d in files),
    ]
    digest = sha256("\n".join(parts).encode()).hexdigest()
    return Job(repository, digest, partial(_publish_one, judged, hub, repository, key, how))


def _shipped(judged: Judged, outcome: Outcome[Shipped]) -> Shipped:
    name, repository = judged.tool.name, outcome.job.repo_id
    if outcome.earlier is not None:
        commit, version = outcome.earlier
        return Shipped(
            name, repository, "unchanged", version, commit, detail="published before, says the report"
        )
    if outcome.done is None:
        error = outcome.error
        return Shipped(name, repository, "failed", detail=str(error), error=error)
    return outcome.done


def _publish_one(judged: Judged, hub: Hub, repository: str, key: Key | Keyless, how: How) -> Shipped:
    name, now = judged.tool.name, _now(hub, repository)
    with _ONE_READER:
        held, files, same = _next_release(judged, repository, key, how, now)
    if now and same:
        if not how.dry_run:
            # The same files again: nothing is written, but a tag that a crash left out is set.
            commit(now.files, repository, hub, held, seen=now.remote)
        return Shipped(name, repository, "unchanged", held, now.commit, hub.url(repository))
    if how.dry_run:
        planned = plan({**files, SIGNATURE: b"{}"}, repository, hub, held)
        detail = ", ".join([*(f"write {p}" for p in planned.write), *(f"remove {p}" for p in planned.remove)])
        diff = text_diff(now.files if now else {}, files, [*planned.write, *planned.remove])
        url = hub.url(repository)
        return Shipped(
            name, repository, "planned", held, planned.head, url, detail, None, planned.requests, diff
        )
    # Signed once and last: a keyless signature is public for ever.
    done = commit(
        signed(files, key),
        repository,
        hub,
        held,
        sdk=how.sdk,
        create_pr=how.create_pr,
        seen=now.remote if now else Absent(),
    )
    return Shipped(name, repository, "published", held, done.commit, done.url, done.pull_request)


def _next_release(
    judged: Judged, repository: str, key: Key | Keyless, how: How, now: Fetched | None
) -> tuple[str, dict[str, bytes], bool]:
    """(version, unsigned files, whether the repository holds just these already)."""
    before = published_before(now.files) if now else None
    module = judged.tool.module
    source = source_of(module.path, module.data)

    def files_of(number: str) -> dict[str, bytes]:
        return dict(
            release(
                judged.report,
                judged.verdict,
                repository=repository,
                version=number,
                key=None,
                source=source,
                lifetime=how.lifetime,
                sdk=how.sdk,
            )
        )

    files = files_of(_version(before) or how.version or FIRST_VERSION)
    held = parsed(files).predicate.tool.version
    if unchanged(before, files, key):
        return held, files, True
    if before is not None:
        step = max(needed_bump(before.manifest, parsed(files)), Bump.PATCH)
        held = how.version or next_version(held, step)
        files = files_of(held)
        check_version(before.manifest, parsed(files))
    return held, files, False


def _version(before: Verified | None) -> str:
    return before.manifest.predicate.tool.version if before else ""


def _now(hub: Hub, repository: str) -> Fetched | None:
    try:
        return fetch(hub, repository)
    except NotFound:
        return None
