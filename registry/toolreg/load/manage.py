"""Add tools to a lock, see what newer ones would change, take them; and verify what is locked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from toolreg.errors import HubError, ToolregError, UsageError
from toolreg.load.fetch import CheckHere, Fetch, FetchFrom, Ref, fetch_locked, fetch_new
from toolreg.load.lock import Entry, Lock
from toolreg.load.store import Store
from toolreg.load.trust import TrustPolicy
from toolreg.manifest import Trust, Verified
from toolreg.manifest.changes import Bump, Change, changes, numbers, text_diff
from toolreg.manifest.names import OWN
from toolreg.manifest.signer import lasting

_FIXED = re.compile(r"v?\d+\.\d+\.\d+|[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Update:
    """A locked tool and a newer publication of it. changes: the gravest first; code: a unified diff."""

    old: Entry
    new: Entry
    verified: Verified
    changes: tuple[Change, ...]
    code: str

    @property
    def same(self) -> bool:
        return _same(self.old, self.new)

    @property
    def grave(self) -> bool:
        """True where the tool can do more, is called otherwise, or is signed by somebody else."""
        return any(change.bump is Bump.MAJOR for change in self.changes)


def add(
    ref: Ref,
    lock: Lock,
    *,
    fetch: Fetch,
    trust: Trust,
    store: Store,
    hub: str,
    now: datetime | None = None,
    check_here: CheckHere | None = None,
) -> tuple[Lock, Verified]:
    """Verify a tool, keep its bytes, and give the lock that holds it. Raises HubError, VerificationError.

    A tool that is locked already and differs is not replaced: that is what `update` shows first.
    """
    verified, entry = fetch_new(ref, fetch, trust, hub=hub, now=now, check_here=check_here)
    before = lock.entries.get(entry.repository)
    if before is not None and not _same(before, entry):
        raise UsageError(
            f"{entry.repository} is locked to {before.version} ({before.commit[:12]})",
            hint=f"`toolreg update {entry.repository}` shows what {entry.version} changes and takes it",
        )
    _one_name_each(lock, entry)
    store.put_files(verified.files)
    return lock.having(entry), verified


def update(
    entry: Entry,
    *,
    fetch: Fetch,
    trust: Trust,
    store: Store,
    revision: str = "",
    now: datetime | None = None,
    check_here: CheckHere | None = None,
) -> Update:
    """What a newer publication would change; nothing is taken yet. Raises HubError, VerificationError.

    revision: the tag, branch or commit to look at; empty for what was asked for when it was added, or the
    newest.
    """
    verified, new = fetch_new(
        Ref(entry.repository, revision or _moving(entry)),
        fetch,
        trust,
        hub=entry.hub,
        now=now,
        check_here=check_here,
    )
    if _same(entry, new):
        return Update(entry, new, verified, (), "")
    old = _locked_before(entry, store, fetch)
    return Update(entry, new, verified, *difference(old, verified))


def difference(old: Verified | None, new: Verified) -> tuple[tuple[Change, ...], str]:
    """Every change from `old` to `new`, and the diff of their files. Without `old` everything is new."""
    before = dict(old.files) if old else {}
    found = [*_of_both(old, new), *changes(old.manifest, new.manifest)] if old else []
    names = {n for n in {*before, *new.files} - OWN if before.get(n) != new.files.get(n)}
    return tuple(sorted(found, key=lambda c: -c.bump)), text_diff(before, new.files, names)


def _of_both(old: Verified, new: Verified) -> Iterator[Change]:
    """What the manifests do not say of each other. Going back is grave: an old fault may be served as new."""
    if lasting(old.signer) != lasting(new.signer):
        yield Change("signer", f"{old.signer.fingerprint} → {new.signer.fingerprint}", Bump.MAJOR)
    was, now = (v.manifest.predicate.tool.version for v in (old, new))
    if was != now:
        older = numbers(now) < numbers(was)
        yield Change(
            "version",
            f"{was} → {now}" + (", which is older" if older else ""),
            Bump.MAJOR if older else Bump.NONE,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """One locked tool after verification: what held, or the error that refused it."""

    entry: Entry
    verified: Verified | None
    error: ToolregError | None


def verify_all(
    entries: Iterable[Entry],
    *,
    store: Store,
    fetch_from: FetchFrom | None,
    policy: TrustPolicy,
    now: datetime | None = None,
    refetch: bool = False,
) -> tuple[Checked, ...]:
    """Locked tools, verified in full; one failure does not stop the rest.

    fetch_from: a Hub's name → how to read it; None for offline. refetch: ask the Hub even where the store
    has the bytes, so that a lost or changed repository shows.
    """
    place = _Nothing(store.folder) if refetch else store
    return tuple(_checked(entry, place, fetch_from, policy, now) for entry in entries)


def _checked(
    entry: Entry, store: Store, fetch_from: FetchFrom | None, policy: TrustPolicy, now: datetime | None
) -> Checked:
    try:
        fetch = fetch_from(entry.hub) if fetch_from else None
        return Checked(entry, fetch_locked(entry, store, fetch, policy, now=now), None)
    except ToolregError as error:
        return Checked(entry, None, error)


class _Nothing(Store):
    """A store that has nothing, so that everything is fetched."""

    def get(self, digest: str) -> bytes | None:  # noqa: ARG002
        return None


def only_names(lock: Lock, repositories: Iterable[str]) -> tuple[Entry, ...]:
    """The named entries, or all of them. Raises NotFound."""
    return tuple(lock.entry(name) for name in repositories) or tuple(
        e for _, e in sorted(lock.entries.items())
    )


def _same(old: Entry, new: Entry) -> bool:
    """True for the same publication. One that is checked here is signed anew each time: its commit tells."""
    if old.origin == new.origin == "locally checked":
        return old.commit == new.commit
    return old.files == new.files


def _moving(entry: Entry) -> str:
    """A version tag or a commit that was asked for stays where it is: an update looks at the newest then."""
    return "" if _FIXED.fullmatch(entry.revision) else entry.revision


def _locked_before(entry: Entry, store: Store, fetch: Fetch) -> Verified | None:
    """The locked bytes, to compare with: what expired since is still worth it, what is gone is not there."""
    try:
        return fetch_locked(entry, store, fetch, None)
    except HubError:
        return None


def _one_name_each(lock: Lock, entry: Entry) -> None:
    for other in lock.entries.values():
        if other.name == entry.name and other.repository != entry.repository:
            raise UsageError(
                f"{entry.repository} and {other.repository} are both called {entry.name}",
                hint="an agent could not tell them apart; lock one of them",
            )
