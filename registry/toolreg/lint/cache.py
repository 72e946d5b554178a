"""What was found last time, for files that have not changed since.

One text file per project below the cache folder: a head that names everything the findings depend on
(engine, rule packs, configuration, ruff), the helper files that some findings rest on, then a line a file. It is written to a temporary name and renamed,
so parallel and killed runs leave a whole cache: the old one or the new one.
"""

from __future__ import annotations

import os

from toolreg.lint.record import FIELD, Outcome, depends_of, escape, read, unescape, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT = "toolreg-lint 2"
# A file changed this shortly before it was read may change again without a new timestamp.
RACY_NS = 20_000_000


def stamp_of(stat: os.stat_result) -> str:
    """Identity of a file's content as far as its metadata tells."""
    return f"{stat.st_mtime_ns:x}.{stat.st_ctime_ns:x}.{stat.st_size:x}.{stat.st_ino:x}"


def stamp(path: str) -> str:
    """Identity of a file or folder; "" where there is none."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return ""


class Cache:
    """Outcomes of unchanged files, by path as given. `key` is what must be equal for any of it to hold."""

    def __init__(self, path: str, key: str) -> None:
        self.path, self.key = path, key
        self.depends: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self._lines: dict[str, tuple[str, str]] = {}
        self._others: dict[str, str] = {}
        self._changed: set[str] = set()
        self.valid = bool(path) and self._load()

    def _load(self) -> bool:
        try:
            with open(self.path, encoding="utf-8", newline="\n") as file:
                lines = file.read().split("\n")
            if lines[0] != FORMAT or lines[1] != escape(self.key):
                return False
            body = lines.index("", 2)
            self.depends = dict(_pair(line[1:]) for line in lines[2:body] if line[0] == "<")
            self.notes = dict(_pair(line[1:]) for line in lines[2:body] if line[0] == "#")
            others = [_pair(line[1:]) for line in lines[2:body] if line[0] == ">"]
            self._changed = {path for path, seen in others if stamp(path) != seen}
            self._others = dict(others)
            if any(stamp(path) != seen for path, seen in self.depends.items()):
                self.depends = {}
                return False
            for line in lines[body + 1 :]:
                if line:
                    path, seen, rest = line.split("\t", 2)
                    self._lines[path] = (seen, rest)
        except (OSError, ValueError, IndexError):
            self._lines = {}
            return False
        return True

    def get(self, path: str, seen: str) -> Outcome | None:
        """The outcome of a file whose stamp is `seen`, or None if it must be judged."""
        entry = self._lines.get(escape(path))
        if entry is None or entry[0] != seen or self._rests_on_changed(entry[1]):
            return None
        try:
            return read(path, entry[1])
        except (ValueError, IndexError, KeyError):
            return None

    def _rests_on_changed(self, line: str) -> bool:
        """True if another file that the outcome rests on is not as it was."""
        return bool(self._changed) and not self._changed.isdisjoint(depends_of(line.rpartition(FIELD)[2]))

    def save(
        self, depends: Iterable[str], notes: Mapping[str, str], judged: Mapping[str, tuple[str, Outcome]]
    ) -> None:
        """Write outcomes beside those still known. A cache that cannot be written is no error."""
        kept = self._lines if self.valid else {}
        lines = {path: entry for path, entry in kept.items() if not self._rests_on_changed(entry[1])}
        others = {path for _, line in lines.values() for path in depends_of(line.rpartition(FIELD)[2])}
        for path, (seen, outcome) in judged.items():
            if outcome.error is None:
                lines[escape(path)] = (seen, write(outcome))
                others.update(outcome.depends)
            else:
                lines.pop(escape(path), None)
        head = [FORMAT, escape(self.key), *(f"<{escape(path)}\t{stamp(path)}" for path in depends)]
        seen_before = {path: seen for path, seen in self._others.items() if path not in self._changed}
        head += [f">{escape(path)}\t{seen_before.get(path) or stamp(path)}" for path in sorted(others)]
        head += [f"#{escape(name)}\t{escape(value)}" for name, value in notes.items()]
        body = [f"{path}\t{seen}\t{rest}" for path, (seen, rest) in lines.items()]
        _write_whole(self.path, "\n".join([*head, "", *body]))


def _pair(line: str) -> tuple[str, str]:
    first, _, second = line.partition("\t")
    return unescape(first), unescape(second)


def _write_whole(path: str, text: str) -> None:
    temporary = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    except (OSError, UnicodeError):
        try:
            os.unlink(temporary)
        except OSError:
            return
