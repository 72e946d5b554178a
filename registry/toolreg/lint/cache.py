"""What was found last time, for files that have not changed since.

One text file per project below the cache folder: a head that names everything the findings depend on
(engine, rule packs, configuration, ruff), the helper files that some findings rest on, then a line a file. Each has
a stamp from its metadata and a digest of its content: the stamp tells fast that nothing has changed, and where it
differs (a fresh checkout, a restored cache) the content decides. It is written to a temporary name and renamed, so
parallel and killed runs leave a whole cache: the old one or the new one.
"""

from __future__ import annotations

import os

from toolreg.lint.record import FIELD, Outcome, depends_of, digest_of, escape, read, unescape, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    _Seen = tuple[str, str]  # stamp, digest

FORMAT = "toolreg-lint 3"
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
    """Outcomes of unchanged files, by path as given. `key` is what must be equal for any of it to hold.

    restamped: something has a new stamp and its old content, so that saving spares the next run the look.
    """

    def __init__(self, path: str, key: str) -> None:
        self.path, self.key = path, key
        self.notes: dict[str, str] = {}
        self.restamped = False
        self._lines: dict[str, tuple[str, str]] = {}
        self._depends: dict[str, _Seen] = {}
        self._others: dict[str, _Seen] = {}
        self._changed: set[str] = set()
        self.valid = bool(path) and self._load()

    def _load(self) -> bool:
        try:
            with open(self.path, encoding="utf-8", newline="\n") as file:
                lines = file.read().split("\n")
            if lines[0] != FORMAT or lines[1] != escape(self.key):
                return False
            body = lines.index("", 2)
            self.notes = dict(_pair(line[1:]) for line in lines[2:body] if line[0] == "#")
            self._depends = dict(_seen(line[1:]) for line in lines[2:body] if line[0] == "<")
            self._others = dict(_seen(line[1:]) for line in lines[2:body] if line[0] == ">")
            self._changed = {path for path, seen in self._others.items() if not self._holds(path, seen)}
            if not all(self._holds(path, seen) for path, seen in self._depends.items()):
                self._depends = {}
                return False
            for line in lines[body + 1 :]:
                if line:
                    path, seen, rest = line.split("\t", 2)
                    self._lines[path] = (seen, rest)
        except (OSError, ValueError, IndexError):
            self._lines, self._depends, self._others, self._changed = {}, {}, {}, set()
            return False
        return True

    def _holds(self, path: str, seen: _Seen) -> bool:
        """True if a file is as it was: its metadata, or else its content."""
        if stamp(path) == seen[0]:
            return True
        same = bool(seen[1]) and _digest_at(path) == seen[1]
        self.restamped = self.restamped or same
        return same

    def get(self, path: str, seen: str) -> Outcome | None:
        """The outcome of a file whose stamp is `seen`, or None if it must be judged."""
        key = escape(path)
        known, line = self._lines.get(key, ("", ""))
        if not known or self._rests_on_changed(line):
            return None
        if known != seen:
            if digest_of(line) != _digest_at(path):
                return None
            if not is_young(seen):
                self._lines[key] = (seen, line)
                self.restamped = True
        try:
            return read(path, line)
        except (ValueError, IndexError, KeyError):
            return None

    def _rests_on_changed(self, line: str) -> bool:
        """True if another file that the outcome rests on is not as it was."""
        return bool(self._changed) and not self._changed.isdisjoint(depends_of(line.rpartition(FIELD)[2]))

    def save(
        self, depends: Iterable[str], notes: Mapping[str, str], judged: Mapping[str, tuple[str, Outcome]]
    ) -> None:
        """Write outcomes beside those still known. A cache that cannot be written is no error.

        depends: what all outcomes rest on, where no cache was known before.
        """
        kept = self._lines if self.valid else {}
        lines = {path: entry for path, entry in kept.items() if not self._rests_on_changed(entry[1])}
        others = {path for _, line in lines.values() for path in depends_of(line.rpartition(FIELD)[2])}
        for path, (seen, outcome) in judged.items():
            if outcome.error is None:
                lines[escape(path)] = (seen, write(outcome))
                others.update(outcome.depends)
            else:
                lines.pop(escape(path), None)
        head = [FORMAT, escape(self.key)]
        head += [f"<{_entry(path, self._depends)}" for path in self._depends or depends]
        unchanged = {path: seen for path, seen in self._others.items() if path not in self._changed}
        head += [f">{_entry(path, unchanged)}" for path in sorted(others)]
        head += [f"#{escape(name)}\t{escape(value)}" for name, value in notes.items()]
        body = [f"{path}\t{seen}\t{rest}" for path, (seen, rest) in lines.items()]
        _write_whole(self.path, "\n".join([*head, "", *body]))


def is_young(seen: str) -> bool:
    """True if a file changed so shortly ago that it may change again without a new stamp."""
    import time

    return int(seen.partition(".")[0], 16) >= time.time_ns() - RACY_NS


def _entry(path: str, known: Mapping[str, _Seen]) -> str:
    """What a file is like: as it was first seen, so that a change during the run is noticed; a new stamp if it holds."""
    now = stamp(path)
    before = known.get(path)
    if before is None:
        return f"{escape(path)}\t{now}\t{_digest_at(path)}"
    if before[0] != now and before[1] and _digest_at(path) == before[1]:
        before = (now, before[1])
    return f"{escape(path)}\t{before[0]}\t{before[1]}"


def _digest_at(path: str) -> str:
    from toolreg.lint.digest import digest_at

    return digest_at(path)


def _seen(line: str) -> tuple[str, _Seen]:
    path, seen, content = line.split("\t")
    return unescape(path), (seen, content)


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
