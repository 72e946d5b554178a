"""Which findings count: selection, per-file ignores and severities, applied after judging.

Every rule judges every file, so one cache serves every selection.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolreg.lint.finding import Finding
    from toolreg.lint.settings import LintConfig

# Errors of the engine itself (a suppression without a reason) stand unless ignored by their own code.


class Selection:
    """Answers whether a code is wanted, at a path or anywhere; the longest matching prefix decides."""

    def __init__(self, config: LintConfig) -> None:
        self._on = (*config.select, *config.extend_select)
        self._off = config.ignore
        self._per_file = config.per_file
        self._severity = config.severity
        self._known: dict[str, bool] = {}
        self._levels: dict[str, str | None] = {}

    def wants(self, code: str) -> bool:
        if code not in self._known:
            on, off = _best(code, self._on), _best(code, self._off)
            self._known[code] = on >= 0 and on > off
        return self._known[code]

    def ignored_at(self, path: str, code: str) -> bool:
        if not self._per_file:
            return False
        return any(_best(code, codes) >= 0 and matches(path, glob) for glob, codes in self._per_file.items())

    def level(self, code: str, given: str) -> str:
        if not self._severity:
            return given
        if code not in self._levels:
            fitting = [prefix for prefix in self._severity if _best(code, (prefix,)) >= 0]
            self._levels[code] = self._severity[max(fitting, key=len)] if fitting else None
        return self._levels[code] or given

    def apply(self, findings: Iterable[Finding]) -> list[Finding]:
        """The wanted findings, at the level that is configured."""
        kept = [f for f in findings if self.wants(f.code) and not self.ignored_at(f.path, f.code)]
        if self._severity:
            kept = [f.but(severity=self.level(f.code, f.severity)) for f in kept]
        return kept


def _best(code: str, prefixes: tuple[str, ...]) -> int:
    """Length of the longest prefix that names the code; 0 for ALL, -1 for none."""
    plain = code.removeprefix("ruff:")
    best = -1
    for prefix in prefixes:
        if prefix == "ALL":
            best = max(best, 0)
        elif prefix == "ruff":
            best = max(best, 1 if code != plain else -1)
        elif code.startswith(prefix) or (code != plain and plain.startswith(prefix)):
            best = max(best, len(prefix))
    return best


def matches(path: str, glob: str) -> bool:
    """True if a path, its end, or one of its folders fits the glob."""
    from fnmatch import fnmatchcase

    path = path.removeprefix("./")
    glob = glob.rstrip("/")
    return (
        fnmatchcase(path, glob)
        or fnmatchcase(path, f"*/{glob}")
        or fnmatchcase(path, f"{glob}/*")
        or fnmatchcase(path, f"*/{glob}/*")
    )
