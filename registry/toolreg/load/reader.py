"""One reader at work: their trust, their lock, their store, and the Hubs they read from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from toolreg.config import find_pyproject, read_config
from toolreg.load import known, store
from toolreg.load.fetch import Fetch, Fetched, FetchFrom
from toolreg.load.known import KnownSigners
from toolreg.load.lock import NAME, Lock, read_lock, write_lock
from toolreg.load.store import Store
from toolreg.load.trust import Ask, ReaderTrust, TrustPolicy, parse_policy
from toolreg.manifest.keys import own_signers


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
    table = read_config(found).get("trust", {}) if found else {}
    path = Path(lock) if lock else (Path(found).parent if found else Path()) / NAME
    trust = ReaderTrust(parse_policy(table), KnownSigners(known.default_path()), own_signers(), ask)
    return Reader(trust, Store(store.default_folder()), path)


@contextmanager
def hubs(*, token: str | None = None) -> Iterator[FetchFrom]:
    """Reads from any Hub by its name (`local`, `hf`, a URL); each is opened on first use and closed at the end.

    token: for Hubs given by their URL.
    """
    from toolreg.hub.client import Hub
    from toolreg.hub.fetch import fetch
    from toolreg.hub.targets import opened

    with ExitStack() as stack:
        open_hubs: dict[str, Hub] = {}

        def fetch_from(name: str) -> Fetch:
            def read(repository: str, revision: str) -> Fetched:
                if name not in open_hubs:
                    open_hubs[name] = stack.enter_context(opened(name, token=token))
                return fetch(open_hubs[name], repository, revision or None)

            return read

        yield fetch_from
