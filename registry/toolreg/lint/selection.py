"""Which findings count: selection, per-file ignores and severities, applied after judging.

Every rule judges every file, so one cache serves every selection.
"""

from __future__ import annotations

import os

from toolreg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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

    def count(self, codes: Iterable[str]) -> int:
        """How many of these rules are wanted."""
        return sum(map(self.wants, codes))


def require_rules(config: LintConfig) -> None:
    """Raises UsageError where no rule is wanted at all: nothing judged is nothing approved."""
    if config.select == ("ALL",) and not config.ignore:
        return
    selection = Selection(config)
    if not (selection.count(_builtin_codes()) or selection.count(_other_codes(config))):
        asked = ", ".join((*config.select, *config.extend_select)) or "nothing"
        without = f" without {', '.join(config.ignore)}" if config.ignore else ""
        raise UsageError(
            f"no rule is selected by {asked}{without}; nothing would be judged",
            hint="write codes or their beginnings; `toolreg rule --all` lists them",
        )


def _builtin_codes() -> Iterator[str]:
    """The codes of the built-in pack, by its files' names: rules are not loaded to answer from the cache."""
    from importlib.util import find_spec

    found = find_spec("toolreg_rules")
    for folder in found.submodule_search_locations or () if found else ():
        yield from (name.partition("_")[0].upper() for name in os.listdir(folder) if name.startswith("trg"))


def _other_codes(config: LintConfig) -> Iterator[str]:
    from toolreg.lint.packs import load_rules
    from toolreg.lint.ruff import SELECT

    yield from (rule.code for rule in load_rules(config.packs))
    if config.ruff == "builtin":
        yield from (f"ruff:{code}" for code in SELECT)
    elif config.ruff == "project":  # which of ruff's rules run is said in ruff's own configuration
        yield from (f"ruff:{code}" for code in config.select if code[:1].isupper())


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
