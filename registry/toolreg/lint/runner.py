"""Files and folders in, findings out: cache, our pass and ruff beside it, project rules, baseline.

What is unchanged is answered from the cache before any rule, parser or ruff is loaded.
"""

from __future__ import annotations

import os

from toolreg.contract.files import find_stats
from toolreg.errors import GOOD, NOT_JUDGED, REFUSED, SourceError, ToolregError
from toolreg.lint.cache import Cache, is_young, stamp_of
from toolreg.lint.finding import LEVELS, Finding
from toolreg.lint.selection import Selection, matches, require_rules
from toolreg.lint.settings import LintConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolreg.lint.api import Rule
    from toolreg.lint.record import Outcome


class LintResult:
    """findings: all of them, suppressed ones too, by place. files: how many were looked at; tools: how many seen.

    judged: how many files were not answered from the cache. errors: what kept something from being judged.
    """

    __slots__ = ("errors", "fail_on", "files", "findings", "judged", "tools")

    def __init__(
        self,
        findings: Sequence[Finding],
        files: int,
        tools: int,
        errors: Sequence[ToolregError],
        judged: int = 0,
        fail_on: str = "warning",
    ) -> None:
        self.findings, self.files, self.tools, self.errors = list(findings), files, tools, list(errors)
        self.judged, self.fail_on = judged, fail_on

    @property
    def open(self) -> list[Finding]:
        """Findings that nobody has suppressed."""
        return [f for f in self.findings if f.suppressed is None]

    @property
    def refusing(self) -> list[Finding]:
        """Open findings at least as severe as `fail_on`."""
        least = LEVELS.index(self.fail_on)
        return [f for f in self.open if LEVELS.index(f.severity) >= least]

    @property
    def exit_code(self) -> int:
        return NOT_JUDGED if self.errors else REFUSED if self.refusing else GOOD


def lint(paths: Sequence[str], config: LintConfig | None = None) -> LintResult:
    """Judge the tools in files and folders. Raises ToolregError where nothing could be begun."""
    config = config or LintConfig()
    require_rules(config)
    run = _Run(paths, config)
    run.judge()
    findings = Selection(config).apply(run.findings)
    if config.baseline:
        from toolreg.lint.baseline import without_known

        findings = without_known(findings, config.baseline)
    return LintResult(
        sorted(findings, key=Finding.order),
        len(run.files),
        run.tools,
        run.errors,
        len(run.todo),
        config.fail_on,
    )


class _Run:
    """One run: which files, what is known of them, what must be judged."""

    def __init__(self, paths: Sequence[str], config: LintConfig) -> None:
        self.config = config
        self.paths = list(paths)
        self.named = set() if config.allow_no_tools else {p for p in paths if not os.path.isdir(p)}
        found = find_stats(paths)
        self.stamps = {path: stamp_of(stat) for path, stat in found if not _excluded(path, config)}
        self.files = list(self.stamps)
        self.cache = Cache(_cache_file(config), _key(config))
        self.outcomes: dict[str, Outcome] = {}
        self.todo: list[str] = []
        self.errors: list[ToolregError] = []
        self.findings: list[Finding] = []
        self.tools = 0
        self.rules: tuple[Rule, ...] = ()

    def judge(self) -> None:
        self._recall()
        if self.todo:
            self._judge_changed()
        elif self.cache.restamped:
            self.cache.save((), self.cache.notes, {})
        self._gather()
        self._project()
        if not self.tools and not self.errors and not self.config.allow_no_tools:
            where = ", ".join(self.paths[:3])
            count = f"{len(self.files)} Python file" + ("" if len(self.files) == 1 else "s")
            self.errors.append(
                SourceError(f"no tool found in {count}; nothing was judged", path=where, hint=_NO_TOOL)
            )

    def _recall(self) -> None:
        for path, seen in self.stamps.items():
            known = self.cache.get(path, seen) if self.cache.valid else None
            if known is None:
                self.todo.append(path)
            else:
                self.outcomes[path] = known

    def _judge_changed(self) -> None:
        from toolreg.lint.fresh import judge_fresh

        depends, rules, fresh = judge_fresh(self.todo, self.named, self.config)
        self.rules = rules
        self.outcomes.update(fresh)
        if self.cache.path:
            keep = {
                path: (self.stamps[path], outcome)
                for path, outcome in fresh.items()
                if path in self.stamps and not is_young(self.stamps[path]) and not outcome.ends
            }
            self.cache.save([*depends, *self.config.rests_on], _notes(rules), keep)

    def _gather(self) -> None:
        for path in self.files:
            outcome = self.outcomes[path]
            if outcome.error is not None:
                self.errors.append(outcome.error)
            self.findings += outcome.findings
            self.tools += len(outcome.tools)
            if path in self.named and not outcome.tools and outcome.error is None:
                self.errors.append(nothing_judged(path))

    def _project(self) -> None:
        """Rules that compare tools; loaded only where two tools could be confused at all."""
        tools = [(path, *tool) for path in self.files for tool in self.outcomes[path].tools]
        if len({t[1] for t in tools}) == len(tools) and len({t[6] for t in tools}) == len(tools):
            return
        from toolreg.lint.project import compare

        self.findings += compare(tools, self.rules, self.config)


_NO_TOOL = "a tool is a function under smolagents' @tool or a subclass of Tool; `lint --allow-no-tools` accepts files without one"


def nothing_judged(path: str) -> SourceError:
    """The error for a file that was named and holds no tool."""
    return SourceError("no tool in it; nothing was judged", path=path, hint=_NO_TOOL)


def _excluded(path: str, config: LintConfig) -> bool:
    return bool(config.exclude) and any(matches(path, glob) for glob in config.exclude)


def _cache_file(config: LintConfig) -> str:
    if not config.cache:
        return ""
    import zlib

    return os.path.join(config.cache, f"{zlib.crc32(_key(config).encode()):08x}.txt")


def _key(config: LintConfig) -> str:
    import sys

    parts = (
        sys.version,
        os.path.dirname(__file__),
        os.getcwd(),
        config.ruff,
        *config.packs,
        "|",
        *config.rests_on,
        "|",
        *sys.path,
    )
    return "\n".join(parts)


def _notes(rules: Sequence[Rule]) -> dict[str, str]:
    return {"rules": str(len(rules))}
