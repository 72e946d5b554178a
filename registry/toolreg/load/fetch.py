"""From a name to verified bytes: out of the store where they are, else from the Hub."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from toolreg.errors import DigestMismatch, NotAllowed, Offline, UsageError, WrongSigner
from toolreg.load.lock import Entry, entry_of
from toolreg.load.store import Store
from toolreg.load.trust import Refused as _Refused
from toolreg.load.trust import TrustPolicy, check_policy, decide_signer, namespace
from toolreg.manifest import Manifest, Signer, Trust, Verified, examine
from toolreg.manifest.names import OWN, PLATFORM

_REF = re.compile(
    r"(?:(?:https?://[^/]+|hf\.co)/(?:spaces/)?)?([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(\S+))?"
)


class Fetched(Protocol):
    """A repository at one commit: its 40-hex commit and every file in it."""

    @property
    def commit(self) -> str: ...

    @property
    def files(self) -> Mapping[str, bytes]: ...


class Fetch(Protocol):
    """Reads a repository. revision: branch, tag or commit, empty for the newest."""

    def __call__(self, repository: str, revision: str) -> Fetched: ...


FetchFrom = Callable[[str], Fetch]


@dataclass(frozen=True, slots=True)
class Ref:
    """`namespace/name[@revision]`."""

    repository: str
    revision: str = ""


def parse_ref(text: str) -> Ref:
    """Read a reference as a person writes it, a page's address too. Raises UsageError."""
    match = _REF.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"'{text}' names no tool", hint="write `namespace/name` or `namespace/name@v1.2.0`")
    return Ref(match[1], match[2] or "")


CheckHere = Callable[[Ref, Fetched], Mapping[str, bytes]]


def fetch_new(
    ref: Ref,
    fetch: Fetch,
    trust: Trust,
    *,
    hub: str,
    now: datetime | None = None,
    check_here: CheckHere | None = None,
) -> tuple[Verified, Entry]:
    """Fetch a tool, verify it, and say what it would be locked to. Raises HubError, VerificationError.

    check_here: makes a signed publication of a tool that has no manifest, by judging it on this machine;
    None refuses such a tool.
    """
    fetched = fetch(ref.repository, ref.revision)
    files = fetched.files
    if check_here is not None and not OWN & files.keys():
        files = check_here(ref, fetched)
    verified = examine(files, trust, repository=ref.repository, now=now)
    if (
        re.fullmatch(r"v\d+\.\d+\.\d+", ref.revision)
        and ref.revision != f"v{verified.manifest.predicate.tool.version}"
    ):
        raise DigestMismatch(
            f"{ref.revision} of {ref.repository} holds version {verified.manifest.predicate.tool.version}",
            hint="the tag was moved; ask its publisher",
        )
    return verified, entry_of(verified, commit=fetched.commit, hub=hub, revision=ref.revision)


def fetch_locked(
    entry: Entry,
    store: Store,
    fetch: Fetch | None,
    policy: TrustPolicy | None,
    *,
    now: datetime | None = None,
) -> Verified:
    """The locked bytes, verified again in full. Raises VerificationError naming what differs, Offline.

    fetch: None for offline; it is only asked where the store lacks a file. policy: None to look only at
    whether these are the locked bytes, not at whether they may still be used.
    """
    files = store.get_files(entry.files)
    stored = files is not None
    if files is None:
        if entry.origin == "locally checked":
            raise Offline(
                f"{entry.repository} was checked on the machine that locked it, and only its store has those bytes",
                hint=f"toolreg add {entry.repository}, to check it here",
            )
        if fetch is None:
            raise Offline(f"{entry.repository} is not in the store", hint="load it once with a network")
        fetched = fetch(entry.repository, entry.commit)
        if fetched.commit != entry.commit:
            raise DigestMismatch(
                f"{entry.repository} gave commit {fetched.commit[:12]} for {entry.commit[:12]}",
                hint="do not trust this Hub",
            )
        files = {name: data for name, data in fetched.files.items() if name not in PLATFORM}
    verified = examine(files, LockedTrust(entry, policy), repository=entry.repository, now=now)
    _compare(entry, verified)
    if not stored:
        store.put_files(verified.files)
    return verified


@dataclass(frozen=True, slots=True)
class LockedTrust:
    """Trusts exactly what a lock entry says, and only as far as today's policy still does."""

    entry: Entry
    policy: TrustPolicy | None

    def accept_signer(self, signer: Signer, repository: str) -> None:
        """Raises WrongSigner."""
        if str(signer) != self.entry.signer:
            raise WrongSigner(
                f"{repository} is signed by {signer.fingerprint}, but locked to {self.entry.by.fingerprint}",
                hint="`toolreg diff` shows what changed; nothing was loaded",
            )
        if self.policy is None:
            return
        locked = {namespace(repository): frozenset({signer})}
        decision = decide_signer(signer, repository, self.policy, locked, frozenset())
        if isinstance(decision, _Refused):
            raise WrongSigner(
                f"{repository} is signed by {signer.fingerprint}, but {decision.why}", hint=decision.hint
            )

    def accept_manifest(self, manifest: Manifest, signer: Signer, now: datetime) -> None:
        """Raises NotAllowed, Expired."""
        if self.policy is not None:
            check_policy(manifest, signer, self.policy, now)


def _compare(entry: Entry, verified: Verified) -> None:
    """Refuse what differs from the lock in any point. Raises VerificationError."""
    predicate = verified.manifest.predicate
    if predicate.definition.digest != entry.definition or predicate.definition.name != entry.name:
        raise DigestMismatch(f"the definition of {entry.repository} differs from the lock", hint=_LOOK)
    if set(predicate.effects.declared) != set(entry.effects):
        raise NotAllowed(f"the effects of {entry.repository} differ from the lock", hint=_LOOK)
    if predicate.tool.version != entry.version:
        raise DigestMismatch(f"the version of {entry.repository} differs from the lock", hint=_LOOK)
    found = verified.digests
    for name in sorted({*found, *entry.files}):
        if found.get(name) != entry.files.get(name):
            raise DigestMismatch(f"{name} of {entry.repository} differs from the lock", hint=_LOOK, path=name)


_LOOK = "nothing was loaded; `toolreg diff` shows what changed"
