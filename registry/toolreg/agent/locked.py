"""The tools of an agent's lock: the very bytes that were locked, by the signer that was locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from toolreg.config import find_pyproject
from toolreg.errors import UsageError
from toolreg.load import Entry, Room, SandboxedTool, load_tools
from toolreg.load.lock import NAME
from toolreg.load.reader import Hubs, Reader, reader


class ProjectLock:
    """`toolreg.lock` of one project: beside its pyproject.toml, or in the folder itself. Read once.

    Raises ConfigError for a broken lock.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = _place(folder)
        self.entries: Mapping[str, Entry] = self._reader().lock().entries if self.path.is_file() else {}

    def find(self, wanted: str) -> Entry | None:
        """The entry that a tool's name, `NAMESPACE/NAME` or `NAMESPACE/NAME@REVISION` means; None for none.

        Raises UsageError for a name that two entries have, and for a revision that is not the locked one.
        """
        repository, _, revision = wanted.partition("@")
        named = [e for e in self.entries.values() if repository in (e.repository, e.name)]
        if len(named) > 1:
            raise UsageError(
                f"two locked tools are called {wanted}", hint=" or ".join(e.repository for e in named)
            )
        if not named:
            return None
        entry = named[0]
        if revision and revision.removeprefix("v") not in (entry.version, entry.commit, entry.revision):
            raise UsageError(
                f"{self.path} holds version {entry.version} of {entry.repository}, not {revision}",
                hint=f"ask for the locked one, or lock the other: toolreg update {entry.repository}",
            )
        return entry

    def load(self, entries: Iterable[Entry], room: Room | None) -> list[SandboxedTool]:
        """Tools for exactly these bytes. Raises VerificationError naming what differs, HubError."""
        wanted = [entry.repository for entry in entries]
        if not wanted:
            return []
        me = self._reader()
        with Hubs() as hubs:
            return load_tools(me.lock(), wanted, store=me.store, policy=me.policy, fetch_from=hubs, room=room)

    def _reader(self) -> Reader:
        return reader(lock=str(self.path), pyproject=find_pyproject(str(self._folder)))


def _place(folder: Path) -> Path:
    beside, pyproject = folder / NAME, find_pyproject(str(folder))
    return beside if beside.is_file() or not pyproject else Path(pyproject).parent / NAME
