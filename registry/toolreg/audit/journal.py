"""The journal of an audit: one line a file, written as it is judged, so that any end is a pause.

    judgements.jsonl.part   while it runs, and after Ctrl-C, a full disk, a lost cluster
    judgements.jsonl        when it is whole

A line holds its key, so a later audit takes over every judgement whose file and options are the same.
One audit at a time writes to a folder: it holds a lock on it, which ends with its process, whatever ends that.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from toolreg.audit.items import Row
from toolreg.errors import ToolregError

WHOLE, PART, REST = "judgements.jsonl", "judgements.jsonl.part", "judgements.jsonl.rest"


class Journal:
    """Writes lines; a line that cannot be written is an error with a name, and so is a folder in use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with ExitStack() as held:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                held.callback(os.close, _locked(folder))
                _keep_rest(folder)
                self._file = open(folder / PART, "w", encoding="utf-8")  # noqa: SIM115  # open for the whole audit
            except OSError as error:
                raise unwritable(folder, error) from error
            self._lock = held.pop_all()

    def write(self, row: Row) -> None:
        try:
            self._file.write(dump(row))
            self._file.flush()
        except OSError as error:
            raise unwritable(self.folder / PART, error) from error

    @property
    def part(self) -> Path:
        """Where the lines stand until the audit is whole."""
        return self.folder / PART

    def finish(self) -> Path:
        """The audit is whole: its journal gets its final name."""
        self._end_file()
        os.replace(self.folder / PART, self.folder / WHOLE)
        (self.folder / REST).unlink(missing_ok=True)
        return self.folder / WHOLE

    def close(self) -> None:
        """Give the folder free."""
        with self._lock:
            self._end_file()

    def _end_file(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            raise unwritable(self.folder / PART, error) from error


def _locked(folder: Path) -> int:
    """The folder, open and locked; unlocked where its file system knows no locks. Raises ToolregError."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno == errno.EWOULDBLOCK:
            os.close(place)
            hint = "wait for it, or give this one a folder of its own with -o"
            raise ToolregError(
                "another audit is writing to this folder", path=str(folder), hint=hint
            ) from error
    return place


def _keep_rest(folder: Path) -> None:
    """What an interrupted audit wrote is kept for `Known`, beside the rest of one before it."""
    part, rest = folder / PART, folder / REST
    if not part.exists():
        return
    if not rest.exists():
        os.replace(part, rest)
        return
    with open(rest, "ab") as out, open(part, "rb") as lines:
        out.write(b"\n")  # the line before may be cut
        out.writelines(lines)
    part.unlink()


class Known:
    """Judgements of earlier audits by key, left on disk: only places are kept in memory."""

    def __init__(self, files: list[Path]) -> None:
        self._files: list[IO[bytes]] = []
        self._places: dict[bytes, tuple[int, int]] = {}
        self._at: dict[bytes, tuple[bytes, tuple[int, int]]] = {}
        for path in files:
            if path.is_file():
                self._read(path)

    def _read(self, path: Path) -> None:
        file = open(path, "rb")  # noqa: SIM115  # read from for the whole audit
        self._files.append(file)
        place = 0
        for line in file:
            row = parse(line)
            if row and row.get("key") and not row.get("passing"):
                self._note(row, (len(self._files) - 1, place))
            place += len(line)

    def _note(self, row: Row, place: tuple[int, int]) -> None:
        key = bytes.fromhex(row["key"])
        if "copy_of" not in row:
            self._places[key] = place
        if row.get("at"):
            self._at[bytes.fromhex(row["at"])] = (key, place)

    def judged_at(self, place: str) -> bool:
        """Whether `at` would answer; reads no file, so that any thread may ask."""
        found = self._at.get(bytes.fromhex(place))
        return found is not None and found[0] in self._places

    def at(self, place: str) -> tuple[str, Row] | None:
        """(key, origin) of what a repository held at a commit; None where no audit has judged it."""
        found = self._at.get(bytes.fromhex(place))
        if found is None or found[0] not in self._places:
            return None
        row = self._row(found[1])
        return (found[0].hex(), row.get("origin", {})) if row else None

    def get(self, key: str) -> Row | None:
        """The row of an earlier audit, whatever its path was."""
        place = self._places.get(bytes.fromhex(key))
        return self._row(place) if place else None

    def _row(self, place: tuple[int, int]) -> Row | None:
        file = self._files[place[0]]
        file.seek(place[1])
        return parse(file.readline())

    def __len__(self) -> int:
        return len(self._places)

    def close(self) -> None:
        for file in self._files:
            file.close()


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSONL file; a last line that was cut is left out."""
    with open(path, "rb") as lines:
        for line in lines:
            row = parse(line)
            if row is not None:
                yield row


def parse(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def dump(row: Row) -> str:
    """One line; what is no text in UTF-8 (a lone surrogate in a stranger's string) is escaped."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def unwritable(path: Path, error: OSError) -> ToolregError:
    hint = "make room, or give another folder with -o, and run the same command again: it goes on where it stopped"
    return ToolregError(f"cannot write: {error.strerror or error}", path=str(path), hint=hint)
