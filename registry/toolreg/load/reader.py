"""One reader at work: their trust, their lock, their store, and the Hubs they read from."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolreg.config import find_pyproject, read_config
from toolreg.load import known, store
from toolreg.load.approval import FOLDER
from toolreg.load.fetch import Fetch, Ref, parse_ref
from toolreg.load.known import KnownSigners
from toolreg.load.lock import NAME, Lock, read_lock, write_lock
from toolreg.load.reviewed import reviewed
from toolreg.load.store import Store
from toolreg.load.trust import Ask, ReaderTrust, TrustPolicy, parse_policy
from toolreg.manifest import Anyone
from toolreg.manifest.keys import own_signers

if TYPE_CHECKING:
    from toolreg.hub.client import Hub


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom they trust, what they keep, and the lock of the project they work in."""

    trust: ReaderTrust
    store: Store
    lock_path: Path

    @property
    def policy(self) -> TrustPolicy:
        return self.trust.policy

    def lock(self) -> Lock:
        """Raises ConfigError for a broken lock."""
        return read_lock(self.lock_path)

    def write(self, lock: Lock) -> None:
        write_lock(self.lock_path, lock)


def reader(*, lock: str = "", pyproject: str = "", ask: Ask | None = None) -> Reader:
    """The reader of this machine and project. Raises ConfigError.

    lock: path of the lock file; empty for `toolreg.lock` beside the project's pyproject.toml, or here.
    ask: how to ask about a signer nobody met; None where nobody can be asked.
    """
    found = pyproject or find_pyproject()
    config = read_config(found) if found else {}
    folder = Path(found).parent if found else Path()
    approvals = reviewed(Anyone(), config, folder / FOLDER, found)
    signers = KnownSigners(known.default_path())
    policy = parse_policy(config.get("trust", {}), found)
    policy = replace(
        policy,
        demand=approvals.accept_manifest,
        revoked=(*policy.revoked, *sorted(signers.revoked(), key=str)),
    )
    trust = ReaderTrust(policy, signers, own_signers(), ask)
    return Reader(trust, Store(store.default_folder()), Path(lock) if lock else folder / NAME)


class Hubs(AbstractContextManager["Hubs"]):
    """Hubs by name (`local`, `hf`, a URL); each is opened on first use, all are closed at the end.

    token: for the Hub whose URL is `token_for`, and for no other: a lock file names Hubs too, and may be
    somebody else's. Called with a name it gives the way to read that Hub.
    """

    def __init__(self, *, token: str | None = None, token_for: str = "") -> None:
        self._token, self._token_for = token, token_for.rstrip("/")
        self._stack = ExitStack()
        self._open: dict[str, Hub] = {}

    def hub(self, name: str) -> Hub:
        """The Hub of that name. Raises UsageError."""
        from toolreg.hub.targets import opened

        if name not in self._open:
            token = self._token if self._token_for and name.rstrip("/") == self._token_for else None
            self._open[name] = self._stack.enter_context(opened(name, token=token))
        return self._open[name]

    def __call__(self, name: str) -> Fetch:
        """How to read repositories of that Hub; it is opened when the first is read."""
        from toolreg.hub.fetch import fetch

        return lambda repository, revision: fetch(self.hub(name), repository, revision or None)

    def refs(self, text: str, name: str) -> tuple[Ref, ...]:
        """The tools that a person means: one, or every Space of a collection. Raises UsageError, HubError."""
        slug = collection_slug(text)
        return tuple(Ref(item) for item in self.hub(name).collection(slug)) if slug else (parse_ref(text),)

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def hub_of(text: str, default: str) -> str:
    """The Hub that a pasted address names, else the default: `https://huggingface.co/…` is `hf`."""
    match = _ADDRESS.match(text.strip())
    if match is None:
        return default
    return "hf" if match[2] in ("huggingface.co", "hf.co") else match[0]


def collection_slug(text: str) -> str:
    """`owner/title-ID` of `collections/…` or of a collection's page; empty for anything else."""
    match = _COLLECTION.fullmatch(text.strip())
    return match[1] if match else ""


_ADDRESS = re.compile(r"(https?://)?((?<=//)[^/]+|hf\.co)(?=/)")
_COLLECTION = re.compile(r"(?:https?://[^/]+/)?collections/([\w.-]+/[\w.-]+-[0-9a-f]{24})")
